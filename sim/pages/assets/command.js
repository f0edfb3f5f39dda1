// The command that does in a terminal what the panel does here, for its present settings and seed.
import { h } from "./dom.js";
import { put } from "./link.js";

const SAID = 2500; // milliseconds for which a press of the button is answered

/**
 * @param toy the simulation's name
 * @param defaults its usual settings, which the command need not name
 * @returns the element, and `show`, which is told of each picture
 */
export function command(toy, defaults) {
  const line = h("code", {});
  const words = h("span", {}, "Copy");
  const said = h("span", { class: "hidden-visually", role: "status" });
  const copy = async () => {
    const copied = await put(line.textContent);
    if (!copied) getSelection().selectAllChildren(line);
    words.textContent = said.textContent = copied ? "Copied" : "Selected: copy it by key";
    setTimeout(() => (words.textContent = "Copy"), SAID);
  };
  const button = h("button", { class: "plain", type: "button", onclick: copy, "aria-label": "Copy the command" }, words);
  const element = h("div", { class: "command ui" }, h("span", {}, "In a terminal"), line, button, said);
  const show = ({ settings, seed }) => {
    const changed = Object.entries(settings).filter(([name, value]) => value !== defaults[name]);
    const parts = changed.map(([name, value]) => ` --set ${/\s/.test(value) ? `"${name}=${value}"` : `${name}=${value}`}`);
    line.textContent = `python -m sim run ${toy}${parts.join("")}${seed ? ` --seed ${seed}` : ""}`;
  };
  return { element, show };
}
