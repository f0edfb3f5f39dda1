// The buttons that say how well the reader knew it. Each names the day on which the card then comes back.
import { element } from "./element.js";

/** The choices that are offered: all four, or the two that have a name where there are two. */
export const offered = (choices, two) => (two ? choices.filter((choice) => choice.of_two).map((choice) => ({ ...choice, name: choice.of_two })) : choices);

/** A row of buttons, one a choice. The keys count them from the left, as the buttons say. */
export function grades(choices, grade, { keys = choices.map((_, index) => String(index + 1)), label = "How well did you know it?" } = {}) {
  const buttons = choices.map((choice, index) => {
    const button = element("button", { type: "button", class: `button grade grade-${choice.rating}` }, [
      choice.name,
      element("small", {}, [choice.when, hint(keys[index])]),
    ]);
    button.addEventListener("click", (event) => grade(choice, event));
    return button;
  });
  return element("div", { class: "grades", role: "group", "aria-label": label }, buttons);
}

/** What the row is where the grade follows from a guess, and is only to be confirmed. */
export const FOLLOWS = { keys: ["Space"], label: "The grade that follows" };

const SETTLE = 250; // milliseconds

/** Whether a press came so soon after the answer had appeared that it was not meant for it. */
export const isTooSoon = (event, revealedAt) => event.timeStamp - revealedAt < SETTLE;

/** The choice that a key stands for, if it is one. */
export const choiceFor = (key, choices) => (/^[1-9]$/.test(key) ? choices[Number(key) - 1] : undefined);

/** The key that does the same as a button, for those who see it; a screen reader has the button. */
export const hint = (key) => element("kbd", { "aria-hidden": "true" }, [key]);
