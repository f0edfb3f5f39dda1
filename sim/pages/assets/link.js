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

/** The address of a simulation's page in the lab, where its panel is called as it is itself. */
export function labAddress(page, toy, settings, seed) {
  const url = new URL(page, location.origin);
  for (const [name, value] of Object.entries({ ...settings, seed })) url.searchParams.set(`${toy}.${name}`, String(value));
  url.hash = toy;
  return url.href;
}

/** @param current gives the address at the moment of the press; @param go leads there without loading the app again */
export function labLink(current, go) {
  const link = h("a", { href: "#", class: "to-lab" }, "In the lab");
  const fresh = () => link.setAttribute("href", current());
  for (const kind of ["pointerenter", "focus"]) link.addEventListener(kind, fresh);
  link.addEventListener("click", (event) => {
    fresh();
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { pathname, search, hash } = new URL(link.href);
    go({ path: pathname, query: search, anchor: hash.slice(1), at: Date.now() });
  });
  return link;
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

/** Write to the clipboard, which browsers let only secure pages do; tells whether it was done. */
export async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
