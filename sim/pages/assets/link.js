// A link that opens the page with these settings: ?belief_walk-1.start=0.2&belief_walk-1.seed=7#belief_walk-1
import { h } from "./dom.js";

/** The page's address with this panel's settings in it, and its others untouched. */
export function address(id, settings, seed) {
  const url = new URL(location.href);
  for (const name of [...url.searchParams.keys()]) if (name.startsWith(`${id}.`)) url.searchParams.delete(name);
  for (const [name, value] of Object.entries({ ...settings, seed })) url.searchParams.set(`${id}.${name}`, String(value));
  url.hash = id;
  return url.href;
}

/** @param current gives the address at the moment of the press */
export function copyLink(current) {
  const words = h("span", {}, "Copy link");
  const link = h("a", { href: "#", class: "copy" }, words);
  const said = h("span", { class: "hidden-visually", role: "status" });
  const fresh = () => link.setAttribute("href", current());
  link.addEventListener("pointerenter", fresh); // so that the browser's own "copy link address" is right too
  link.addEventListener("focus", fresh);
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    fresh();
    const copied = await put(link.href);
    words.textContent = said.textContent = copied ? "Link copied" : "Copy it from the address bar";
    if (!copied) history.replaceState(history.state, "", link.href);
    setTimeout(() => (words.textContent = "Copy link"), 2500);
  });
  return h("span", {}, link, said);
}

/** Browsers let only secure pages write to the clipboard. */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
