// Buttons and lists that write parts of a search, so that nobody has to know the language to narrow one down.
import { element } from "./element.js";

const CONDITIONS = [
  ["is:due", "Due"], ["is:new", "New"], ["is:learning", "Learning"], ["is:review", "In review"], ["-is:kept", "Not kept"],
  ["is:suspended", "Suspended"], ["is:buried", "Buried"], ["is:marked", "Marked"], ["is:leech", "Leeches"], ["is:note", "With a note"],
];
const PART = /-?"[^"]*"?|[^\s"]+/g;

/** The parts of a search: words, phrases and fields. */
export const parts = (text) => text.match(PART) ?? [];

/** The search with a part in it, or, if it is there, without it. */
export function toggled(text, part) {
  const known = parts(text);
  return (known.includes(part) ? known.filter((other) => other !== part) : [...known, part]).join(" ");
}

/** The search with one value of a field and no other; an empty one takes the field out. */
export function chosen(text, field, value) {
  const others = parts(text).filter((part) => !part.startsWith(`${field}:`));
  return (value ? [...others, `${field}:${value}`] : others).join(" ");
}

export class Filters {
  /** @param write is called with the new search */
  constructor(read, write) {
    this.read = read;
    this.buttons = CONDITIONS.map(([part, words]) => {
      const made = element("button", { type: "button", class: "chip", "aria-pressed": "false" }, [words]);
      made.addEventListener("click", () => write(toggled(read(), part)));
      return [part, made];
    });
    this.lists = [["section", "All sections"], ["kind", "All kinds"]].map(([field, all]) => {
      const made = element("select", { class: "field", "aria-label": all.replace("All ", "Only of the ").replace(/s$/, "") });
      made.addEventListener("change", () => write(chosen(read(), field, made.value)));
      return [field, made, all];
    });
    this.root = element("div", { class: "filters", role: "group", "aria-label": "Narrow the search" }, [
      ...this.lists.map(([, made]) => made),
      ...this.buttons.map(([, made]) => made),
    ]);
  }

  /** Offer these sections and kinds. */
  offer(data) {
    for (const [field, made, all] of this.lists) {
      const values = data[`${field}s`];
      const known = JSON.stringify(values);
      if (made.dataset.known === known) continue;
      made.dataset.known = known;
      made.replaceChildren(...[["", all], ...values].map(([value, title]) => element("option", { value }, [title])));
    }
  }

  /** Show which of them the search has. */
  show() {
    const known = parts(this.read());
    for (const [part, made] of this.buttons) made.setAttribute("aria-pressed", String(known.includes(part)));
    for (const [field, made] of this.lists) {
      const value = known.find((part) => part.startsWith(`${field}:`))?.slice(field.length + 1) ?? "";
      made.value = [...made.options].some((option) => option.value === value) ? value : "";
    }
  }
}
