// A glossary term opens its definition where it stands: one popover for the page, closed by Escape or a click elsewhere.
import { typeset } from "/assets/sim/math.js";

let popover;

function thePopover() {
  if (popover?.isConnected) return popover;
  popover = document.createElement("div");
  popover.className = "definition prose";
  popover.popover = "auto";
  popover.id = "definition";
  popover.setAttribute("role", "note");
  document.body.append(popover);
  return popover;
}

/** Make each `a.term` of `host` show its definition; `terms` maps an id to {title, html}, both sanitised by the book. */
export function explainTerms(host, terms) {
  for (const link of host.querySelectorAll("a.term")) {
    const term = terms[link.dataset.term];
    if (!term) continue;
    link.setAttribute("aria-haspopup", "true");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      show(link, term);
    });
  }
}

function show(link, { title, html }) {
  const box = thePopover();
  box.innerHTML = `<p class="ui definition-term"></p><div>${html}</div>`;
  box.firstElementChild.textContent = title;
  box.showPopover();
  typeset(box);
  place(box, link.getBoundingClientRect());
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
  box.addEventListener("toggle", (event) => event.newState === "closed" && link.focus({ preventScroll: true }), { once: true });
}

function place(box, anchor) {
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, anchor.left), innerWidth - width - 8);
  const below = anchor.bottom + 8 + height < innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${below ? anchor.bottom + 8 : Math.max(8, anchor.top - height - 8)}px`;
}
