// The prose component: one run of a section's prose, already sanitised by the book.
// Maths, glossary popovers, margin notes and links inside the app are added here; the text is readable without any of them.
import { typeset } from "/assets/sim/math.js";
import { explainTerms } from "./terms.js";
import { arrangeMargin } from "./margin.js";
import { followContents } from "./contents.js";
import { goTo, followLinks } from "./links.js";

const shown = new WeakMap(); // host element → the HTML it shows, so that a rerun with the same text touches nothing

export function mount({ parentElement, data, setTriggerValue }) {
  const host = parentElement.querySelector(".prose");
  if (!host) return;
  followLinks(host, (address) => setTriggerValue("go", address));
  if (shown.get(host) !== data.html) {
    shown.set(host, data.html);
    host.innerHTML = data.html;
    typeset(host).then(arrangeMargin);
    explainTerms(host, data.terms ?? {});
    followContents(host);
    goTo(location.hash.slice(1), host);
  }
  if (data.scroll) goTo(data.scroll, host);
  arrangeMargin();
}

export function unmount() {
  arrangeMargin();
}
