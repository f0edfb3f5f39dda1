// The quiet table of contents marks where the reader is.
/** Follow the scroll in every `.contents` list inside `host`. */
export function followContents(host) {
  const list = host.querySelector(".contents");
  if (!list) return;
  const mark = () => {
    if (!list.isConnected) return removeEventListener("scroll", mark, true);
    let here = null;
    for (const link of list.querySelectorAll("a[href^='#']")) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading && heading.getBoundingClientRect().top < innerHeight * 0.35) here = link;
    }
    for (const link of list.querySelectorAll("a[aria-current]")) if (link !== here) link.removeAttribute("aria-current");
    here?.setAttribute("aria-current", "true");
  };
  addEventListener("scroll", mark, { capture: true, passive: true });
  setTimeout(mark, 300);
}
