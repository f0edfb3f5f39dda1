// The question before the simulation, in the place where its figure will be.
import { h } from "./dom.js";
import { choiceEntry, intervalEntry, numberEntry } from "./entries.js";
import { penalty } from "./score.js";
import { number } from "./words.js";

const ENTRIES = { number: numberEntry, interval: intervalEntry, choice: choiceEntry };

/** The rule that a guess will be scored by, said before it is committed. */
const RULES = {
  number: () => "Scored by the logarithm of its ratio to the answer: twice as much is as far off as half as much.",
  interval: ({ confidence }) => `Scored by its width, plus ${number(penalty(confidence))} times whatever the answer lies outside it.`,
  choice: () => "Scored as right or wrong.",
};

/**
 * A form that takes one guess.
 * @param predict fact, question, unit, kind, confidence, choices
 * @param check a sentence if a number cannot be meant, else ""
 * @param commit told what was said: { value }, { low, high } or { choice }
 * @param skip called by "Just show me"
 */
export function question(id, predict, { check, commit, skip }) {
  const entry = ENTRIES[predict.kind](`${id}-guess`, predict);
  const trouble = h("p", { class: "trouble", id: `${id}-guess-trouble`, role: "alert" });
  const inputs = entry.element.querySelectorAll("input");
  for (const input of inputs) input.setAttribute("aria-describedby", `${id}-guess-rule ${trouble.id}`);
  const submit = (event) => {
    event.preventDefault();
    const { said, numbers, ...missing } = entry.read();
    const doubt = numbers?.map(({ value, field }) => ({ trouble: check(value), field })).find((one) => one.trouble);
    const wrong = said ? doubt : missing;
    trouble.textContent = wrong?.trouble ?? "";
    for (const input of inputs) input.setAttribute("aria-invalid", String(input === wrong?.field));
    if (wrong) wrong.field.focus();
    else commit(said);
  };
  const what = h("p", { class: "what", id: `${id}-guess-what` }, h("span", {}, asks(predict)), h("b", {}, sentenceCase(predict.question)));
  const role = predict.kind === "choice" ? "radiogroup" : "group";
  return h(
    "form",
    { class: "guess", onsubmit: submit, novalidate: true },
    h("div", { class: "asked", role, "aria-labelledby": what.id }, what, entry.element),
    h("button", { class: "button first", type: "submit" }, "Commit and run", h("kbd", { "aria-hidden": "true" }, "↵")),
    h("button", { class: "button", type: "button", onclick: skip }, "Just show me"),
    trouble,
    h("p", { class: "rule", id: `${id}-guess-rule` }, RULES[predict.kind](predict)),
  );
}

function asks({ kind, confidence }) {
  if (kind !== "interval") return "Your guess, before it runs";
  return `Your guess, before it runs: between which two numbers, so that you are ${number(100 * confidence)}% sure?`;
}

const sentenceCase = (words) => words.charAt(0).toUpperCase() + words.slice(1);
