// Links between pages of the app change the page in place; a plain link would load the whole app again and lose the session.
import { decoded } from "/assets/sim/anchor.js";

const followed = new WeakMap();

/** Hand clicks on the app's own addresses to `go`; every other link, and every click with a modifier, stays the browser's. */
export function followLinks(host, go) {
  const known = followed.has(host);
  followed.set(host, go);
  if (known) return;
  host.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const address = new URL(link.href, location.href);
    if (address.origin !== location.origin || link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    if (address.pathname === location.pathname && address.hash) return scrollTo(address.hash.slice(1));
    followed.get(host)({ path: address.pathname, query: address.search, anchor: address.hash.slice(1), at: Date.now() });
  });
}

function scrollTo(anchor) {
  history.replaceState(history.state, "", `#${anchor}`);
  goTo(anchor, document);
}

const SETTLING = 3000; // milliseconds in which figures and formulas above an anchor may still grow
let wanted = "";

/** Bring an anchor into view once it is on the page: the elements of a section arrive one by one. */
export function goTo(anchor, within) {
  if (anchor) wanted = decoded(anchor);
  if (!wanted) return;
  const target = within.querySelector(`#${CSS.escape(wanted)}`) ?? document.getElementById(wanted);
  if (!target) return;
  wanted = "";
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  keepInView(target);
}

// What stands above is still being drawn, so one scroll is not enough; the reader's first own move ends it.
function keepInView(target) {
  const show = () => target.scrollIntoView({ block: "start" });
  const column = target.closest(".st-key-column") ?? document.body;
  const watching = new ResizeObserver(show);
  const stop = () => {
    watching.disconnect();
    for (const kind of MOVES) removeEventListener(kind, stop, true);
  };
  for (const kind of MOVES) addEventListener(kind, stop, { capture: true, passive: true });
  watching.observe(column);
  setTimeout(stop, SETTLING);
  show();
}

const MOVES = ["wheel", "touchstart", "keydown", "pointerdown"];
