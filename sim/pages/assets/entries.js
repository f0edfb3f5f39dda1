// The three ways to enter a guess. Each is an element, and reads what has been entered:
// { said, numbers } with each number and its field, or { trouble, field } where something is missing.
import { h } from "./dom.js";
import { typed } from "./words.js";

/** One number. */
export function numberEntry(id, predict) {
  const input = field(id, "Your guess");
  const read = () => entered(predict, [input], ([value]) => ({ value }));
  return { element: h("span", { class: "entry" }, input, unitOf(predict)), read };
}

/** Two numbers that hold the answer with the confidence that the author asks for. */
export function intervalEntry(id, predict) {
  const low = field(id, "From");
  const high = field(`${id}-high`, "To");
  const read = () => {
    const found = entered(predict, [low, high], ([from, to]) => ({ low: from, high: to }));
    if (!found.said || found.said.low <= found.said.high) return found;
    return { trouble: "The first number is above the second. Write the lower one first.", field: low };
  };
  return { element: h("span", { class: "entry" }, "from", low, "to", high, unitOf(predict)), read };
}

/** One of the ranges that the author offers. */
export function choiceEntry(id, { choices }) {
  const inputs = choices.map((_, index) => h("input", { type: "radio", name: id, value: index }));
  const read = () => {
    const choice = inputs.findIndex((input) => input.checked);
    if (choice < 0) return { trouble: "Choose one first, or ask to be shown.", field: inputs[0] };
    return { said: { choice }, numbers: [] };
  };
  const rows = choices.map(({ words }, index) => h("label", { class: "choice" }, inputs[index], words));
  return { element: h("span", { class: "choices" }, ...rows), read };
}

function entered({ otherwise = "ask to be shown" }, inputs, say) {
  const numbers = inputs.map((input) => ({ value: typed(input.value), field: input }));
  const missing = numbers.find(({ value }) => Number.isNaN(value));
  if (missing) return { trouble: notANumber(missing.field.value, otherwise), field: missing.field };
  return { said: say(numbers.map(({ value }) => value)), numbers };
}

function field(id, name) {
  return h("input", { class: "field", id, inputmode: "decimal", autocomplete: "off", maxlength: 24, "aria-label": name });
}

const unitOf = ({ unit }) => (unit === "share" ? "" : unit);

function notANumber(text, otherwise) {
  const said = text.trim();
  if (!said) return `Write a number first, or ${otherwise}.`;
  return `“${said}” is not a number. Write your guess in digits, such as 300 or 40%.`;
}
