// The address of a page may name a card or a claim, which arrives after the page has.
import { decoded } from "/assets/sim/anchor.js";

/** Give an element the anchor of a card, and bring it into view if the address names it. */
export function arrive(host, id) {
  host.id = `card-${id}`;
  host.tabIndex = -1;
  if (decoded(location.hash.slice(1)) !== host.id) return;
  requestAnimationFrame(() => {
    host.scrollIntoView({ block: "center" });
    host.focus({ preventScroll: true });
  });
}
