// Links between pages of the app change the page in place; a plain link would load the whole app again and lose the session.
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
    followed.get(host)({ path: address.pathname, anchor: address.hash.slice(1), at: Date.now() });
  });
}

function scrollTo(anchor) {
  history.replaceState(history.state, "", `#${anchor}`);
  goTo(anchor, document);
}

let wanted = "";

/** Bring an anchor into view once it is on the page: elements of a section arrive one by one. */
export function goTo(anchor, within) {
  if (anchor) wanted = anchor;
  if (!wanted) return;
  const target = within.querySelector(`#${CSS.escape(decodeURIComponent(wanted))}`) ?? document.getElementById(decodeURIComponent(wanted));
  if (!target) return;
  wanted = "";
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  requestAnimationFrame(() => {
    target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  });
}
