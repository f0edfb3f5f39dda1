// The printed cards: formulas are typeset, and only then can a reader print. The page says on its root when that is so.
import { typeset } from "/assets/sim/math.js";

await typeset(document.body);
await document.fonts.ready;
const button = document.querySelector("button");
button.addEventListener("click", () => window.print());
button.hidden = false;
document.documentElement.dataset.ready = "";
