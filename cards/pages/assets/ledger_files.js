// The ways out: two tables and one document, saved by the browser.
import { element } from "./element.js";
import { button } from "./asking.js";
import { save } from "./save.js";

const FILES = [["credences.csv", "Credences as CSV"], ["claims.csv", "Claims as CSV"], ["beliefs.json", "Everything as JSON"]];
const WORDS = "In the tables, text that a spreadsheet would take for a formula, because it begins with = + - or @, has an apostrophe in front.";

/** @param failed told a sentence */
export function takeAlong(server, failed) {
  const buttons = FILES.map(([name, words]) => button(words, "button", () => take(server, name, failed)));
  return element("section", { class: "files", "aria-label": "Take it along" }, [
    element("h2", {}, ["Take it along"]),
    element("p", { class: "ui ways" }, buttons),
    element("p", { class: "ui" }, [WORDS]),
  ]);
}

async function take(server, name, failed) {
  try {
    await save(server, name, name);
    failed("");
  } catch (error) {
    failed(error.message);
  }
}
