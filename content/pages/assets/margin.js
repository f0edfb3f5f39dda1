// On a wide page asides and footnotes stand in the margin, beside the words that they belong to, and never on top of each other.
const WIDE = matchMedia("(min-width: 1180px)");
const GAP = 20;
let pending = 0;

/** Lay the margin out again, once, in the next frame. */
export function arrangeMargin() {
  cancelAnimationFrame(pending);
  pending = requestAnimationFrame(arrange);
}

function arrange() {
  for (const copy of document.querySelectorAll(".sidenote")) copy.remove();
  document.documentElement.classList.toggle("has-margin", WIDE.matches);
  if (!WIDE.matches) return;
  for (const reference of document.querySelectorAll(".prose .footnote-ref")) sidenote(reference);
  const notes = [...document.querySelectorAll(".prose aside.aside, .prose .sidenote")].filter(shown);
  const tops = new Map(notes.map((note) => [note, wantedTop(note)]));
  let free = -Infinity;
  for (const note of notes.sort((a, b) => tops.get(a) - tops.get(b))) {
    const top = Math.max(tops.get(note), free);
    note.style.top = `${top - note.offsetParent.getBoundingClientRect().top}px`;
    free = top + note.offsetHeight + GAP;
  }
}

// Streamlit hides what it is about to take away, and what is hidden has no place.
const shown = (note) => note.offsetParent !== null;

// A footnote wants to stand beside its number; an aside where the author put it.
function wantedTop(note) {
  note.style.top = "";
  return (note.reference ?? note).getBoundingClientRect().top;
}

// The list at the section's end stays the real footnote, for narrow pages and for screen readers; the margin shows a copy.
function sidenote(reference) {
  const note = document.getElementById(decodeURIComponent(reference.hash.slice(1)));
  const block = reference.closest("p, li, td, dd, .caveat");
  if (!note || !block) return;
  const copy = document.createElement("span");
  copy.className = "sidenote ui";
  copy.setAttribute("aria-hidden", "true");
  copy.reference = reference;
  copy.innerHTML = note.innerHTML;
  copy.querySelector(".footnote-backref")?.remove();
  for (const link of copy.querySelectorAll("a")) link.tabIndex = -1;
  copy.prepend(`${reference.textContent.replace(/[[\]]/g, "")}  `);
  block.append(copy);
}

new ResizeObserver(arrangeMargin).observe(document.body);
WIDE.addEventListener("change", arrangeMargin);
