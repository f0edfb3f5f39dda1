// Why a card comes back when it does, and the list of keys, as elements.
import { element } from "./element.js";
import { KEYS } from "./keys.js";

/** Why the buttons name the dates they name; of those that are offered. */
export function reasons({ card, grades, rule }, choices) {
  const rows = choices.map((choice) => [choice, grades.find(({ rating }) => rating === choice.rating)]);
  const list = rows.map(([choice, grade]) => [element("dt", {}, [choice.name]), element("dd", {}, [grade.reason])]);
  return [element("p", {}, [card]), element("dl", {}, list.flat()), element("p", {}, [rule])];
}

/** The keys of the desk. */
export function keys() {
  const rows = KEYS.map(([key, does]) => [element("dt", {}, [element("kbd", {}, [key])]), element("dd", {}, [does])]);
  return [element("dl", { class: "keys" }, rows.flat())];
}
