// Why a card comes back when it does, and the list of keys, as elements.
import { element } from "./element.js";
import { GESTURES, KEYS, isTouch } from "./keys.js";

/** Why the buttons name the dates they name; of those that are offered. */
export function reasons({ card, grades, rule }, choices) {
  const rows = choices.map((choice) => [choice, grades.find(({ rating }) => rating === choice.rating)]);
  const list = rows.map(([choice, grade]) => [element("dt", {}, [choice.name]), element("dd", {}, [grade.reason])]);
  return [element("p", {}, [card]), element("dl", {}, list.flat()), element("p", {}, [rule])];
}

/** The keys of the desk, or what a finger does on it. */
export function keys() {
  const rows = (isTouch ? GESTURES : KEYS).map(([what, does]) => [element("dt", {}, [isTouch ? what : element("kbd", {}, [what])]), element("dd", {}, [does])]);
  return [element("dl", { class: isTouch ? "" : "keys" }, rows.flat())];
}
