// How a claim can turn out, in the words in which it is asked wherever it is asked.
import { button } from "./asking.js";

export const OUTCOMES = [
  { outcome: "yes", words: "Yes", means: "it is true" },
  { outcome: "no", words: "No", means: "it is false" },
  { outcome: "void", words: "Void", means: "it came to nothing" },
];

/** What takes it back, whatever it was: an author may have said something of it, too. */
export const TAKE_BACK = "Take back how it turned out";

/** A button for each; `choose` is told which. */
export function outcomes(choose) {
  return OUTCOMES.map((choice) => button(`${choice.words}: ${choice.means}`, "button", () => choose(choice)));
}
