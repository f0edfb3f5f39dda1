// Three quiet buttons: the numbers of what is shown as a table, and its picture for a slide.
import { h } from "./dom.js";

/**
 * @param make table, png and svg: each gives { blob, name } for what is shown, or throws an Error with a sentence
 * @param trouble told that sentence, or "" when all is well
 */
export function downloads({ table, png, svg }, trouble) {
  const button = (words, label, make) => {
    const press = async () => {
      made.disabled = true;
      try {
        save(await make());
        trouble("");
      } catch (error) {
        trouble(error.message);
      }
      made.disabled = false;
      made.focus({ preventScroll: true });
    };
    const made = h("button", { class: "plain", type: "button", "aria-label": label, title: label, onclick: press }, words);
    return made;
  };
  return h(
    "span",
    { class: "few", role: "group", "aria-label": "Download" },
    "Download",
    button("CSV", "Data as CSV", table),
    button("PNG", "Picture as PNG", png),
    button("SVG", "Picture as SVG", svg),
  );
}

function save({ blob, name }) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000); // a browser may take a moment before it reads it
}
