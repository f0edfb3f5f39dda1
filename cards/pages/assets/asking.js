// Buttons, and buttons that ask before they act, in their own place, as the pages of a learner's data do.
import { element } from "./element.js";

/** A button that does something. */
export function button(words, look, press) {
  const made = element("button", { type: "button", class: look }, [words]);
  made.addEventListener("click", press);
  return made;
}

/**
 * A button that asks before it acts.
 * @param offer what stands on it
 * @param question what it asks, in its own place
 * @param words what stands on the button that acts
 * @param act does it; if it throws, its sentence is shown and the question stays
 */
export function asking(offer, question, words, act) {
  const root = element("div", { class: "asking-first ui" });
  const leave = () => {
    root.replaceChildren(button(offer, "button", ask));
    root.firstChild.focus({ preventScroll: true });
  };
  const trouble = element("p", { class: "trouble", role: "alert" });
  const sure = async () => {
    try {
      await act();
    } catch (error) {
      trouble.textContent = error.message;
    }
  };
  const ask = () => {
    trouble.textContent = "";
    const stay = button("Leave it", "plain", leave);
    root.replaceChildren(element("p", { class: "question", role: "alert" }, [question]), element("span", { class: "ways" }, [button(words, "button destroys", sure), stay]), trouble);
    stay.focus({ preventScroll: true });
  };
  root.append(button(offer, "button", ask));
  root.addEventListener("keydown", (event) => event.key === "Escape" && root.querySelector(".question") && leave());
  return root;
}
