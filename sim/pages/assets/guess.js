// The question before the simulation, and the verdict after it, in the same place.
import { h } from "./dom.js";
import { distance, quantity, typed } from "./words.js";

/**
 * A form that takes one number.
 * @param predict fact, question, unit
 * @param check a sentence if a number cannot be meant, else ""
 * @param commit told the number; @param skip called by "Just show me"
 */
export function question(id, predict, { check, commit, skip }) {
  const trouble = h("p", { class: "trouble", id: `${id}-guess-trouble`, role: "alert" });
  const input = h("input", {
    class: "field",
    id: `${id}-guess`,
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: 24,
    "aria-describedby": `${id}-guess-trouble`,
  });
  const submit = (event) => {
    event.preventDefault();
    const value = typed(input.value);
    const sentence = Number.isNaN(value) ? notANumber(input.value) : check(value);
    trouble.textContent = sentence;
    input.setAttribute("aria-invalid", String(Boolean(sentence)));
    if (sentence) input.focus();
    else commit(value);
  };
  const unit = predict.unit === "share" ? "" : predict.unit;
  return h(
    "form",
    { class: "guess", onsubmit: submit, novalidate: true },
    h("label", { for: `${id}-guess` }, h("span", {}, "Your guess, before it runs"), h("b", {}, sentenceCase(predict.question))),
    h("span", { class: "entry" }, input, unit),
    h("button", { class: "button first", type: "submit" }, "Commit and run", h("kbd", { "aria-hidden": "true" }, "↵")),
    h("button", { class: "button", type: "button", onclick: skip }, "Just show me"),
    trouble,
  );
}

const sentenceCase = (words) => words.charAt(0).toUpperCase() + words.slice(1);

function notANumber(text) {
  const said = text.trim();
  if (!said) return "Write a number first, or ask to be shown.";
  return `“${said}” is not a number. Write your guess in digits, such as 300 or 40%.`;
}

/** What was said, what is so, and how far apart they are: the parts of one sentence. */
export function verdict(unit, guess, truth, sameSettings) {
  const exact = h("b", {}, quantity(truth, unit));
  if (!sameSettings) return ["With these settings the exact answer is ", exact, "."];
  if (guess === null) return ["The exact answer is ", exact, "."];
  return ["You said ", h("b", {}, quantity(guess, unit)), ". The exact answer is ", exact, `: ${distance(guess, truth, unit)}.`];
}
