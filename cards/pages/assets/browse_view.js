// What the page of searches looks like around its list. It knows no rules.
import { element } from "./element.js";

const SORTS = [
  ["", "Most relevant"], ["place", "As in the book"], ["section", "Section"], ["due", "Due"],
  ["stability", "Stability"], ["difficulty", "Difficulty"], ["lapses", "Lapses"],
];
const EDITS = [
  ["keep", "Keep"], ["withdraw", "Take out"], ["suspend", "Suspend"], ["resume", "Resume"],
  ["bury", "Bury until tomorrow"], ["dig-out", "Dig out"], ["mark", "Mark"], ["unmark", "Unmark"],
];
const COLUMNS = [["section", "Section"], ["due", "Comes back"], ["stability", "Stability"], ["difficulty", "Difficulty"], ["lapses", "Lapses"]];
// Each row: what to write, and what it finds.
const LANGUAGE = [
  ["walk variance", "words that begin so, in any order"],
  ['"fair walk"', "these words, whole and side by side"],
  ["-walk", "not that; it stands before anything"],
  ["is:due", "also new, learning, review, kept, suspended, buried, marked, leech, note"],
  ["section:", "also track:, kind: and tag:"],
  ["due<7", "comes back within a week; due<0 is overdue"],
  ["stability>30", "also difficulty, lapses and reps, with <, <=, =, >= and >"],
];
const KEYS = [
  ["/", "search"], ["↓ ↑", "move"], ["x", "select"], ["Shift ↓ ↑", "select on the way"], ["a", "all or none"], ["Enter", "preview"], ["z", "take back"], ["Esc", "close"],
];

export class View {
  /** Draw the empty page into `host`; `act` is called by name. */
  constructor(host, act, filters, list, preview) {
    this.act = act;
    this.field = element("input", {
      type: "search", class: "field", id: "browse-q", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
      placeholder: "Search all cards", "aria-describedby": "browse-said",
    });
    this.field.addEventListener("input", () => act.typed());
    this.said = element("p", { class: "said", id: "browse-said", role: "status" });
    this.count = element("p", { class: "count" });
    this.sort = element("select", { class: "field", "aria-label": "Order" }, SORTS.map(([value, words]) => element("option", { value }, [words])));
    this.sort.addEventListener("change", () => {
      this.order(this.sort.value, this.reversed);
      act.sorted();
    });
    this.down = button("Reverse", "chip", () => {
      this.order(this.sort.value, !this.reversed);
      act.sorted();
    });
    this.columns = element("div", { class: "columns ui", role: "group", "aria-label": "Order by" }, COLUMNS.map(([name, words]) => this.column(name, words)));
    this.nothing = element("div", { class: "nothing" });
    this.selection = element("p", { class: "selection" });
    this.edits = element("div", { class: "edits ui", role: "group", "aria-label": "Change the selected cards" }, [
      this.selection,
      ...EDITS.map(([name, words]) => button(words, "button", () => act.edit(name))),
    ]);
    this.edits.hidden = true;
    host.replaceChildren(
      element("div", { class: "ask" }, [
        element("h1", {}, ["Browse"]),
        element("label", { for: "browse-q", class: "hidden-visually" }, ["Search all cards"]),
        this.field,
        this.help(),
        filters.root,
      ]),
      element("div", { class: "over ui" }, [this.count, this.said, element("span", { class: "order" }, [this.sort, this.down])]),
      element("div", { class: "found" }, [this.columns, list.box, this.nothing]),
      this.edits,
      preview.root,
    );
    this.order("", false);
  }

  help() {
    const written = LANGUAGE.map(([part, meaning]) => {
      const made = button(part, "plain", () => this.act.add(made.textContent));
      if (part === "section:") this.example = made;
      return element("div", {}, [element("dt", {}, [made]), element("dd", {}, [meaning])]);
    });
    const keys = KEYS.flatMap(([key, meaning]) => [element("kbd", {}, [key]), ` ${meaning} `]);
    return element("details", { class: "language ui" }, [
      element("summary", {}, ["How to search"]),
      element("dl", {}, written),
      element("p", { class: "keys" }, keys),
    ]);
  }

  /** Name a section that there is. */
  name(section) {
    this.example.textContent = `section:${section}`;
  }

  column(name, words) {
    const made = button(words, "plain", () => {
      this.order(name, this.sort.value === name && !this.reversed);
      this.act.sorted();
    });
    made.dataset.sort = name;
    return made;
  }

  /** Show what the cards are ordered by. */
  order(sort, reversed) {
    this.sort.value = sort;
    this.down.setAttribute("aria-pressed", String(reversed));
    this.columns.parentElement.classList.toggle("down", reversed);
    for (const made of this.columns.children) made.setAttribute("aria-pressed", String(made.dataset.sort === sort));
  }

  get reversed() {
    return this.down.getAttribute("aria-pressed") === "true";
  }

  /** Say how much has been found of how much. */
  total(found, all) {
    this.count.textContent = found === all ? `${counted(all)}` : `${found.toLocaleString("en")} of ${counted(all)}`;
  }

  /** Say something, with a button behind it if `words` is given. */
  say(sentence, words = "", press = null) {
    this.said.replaceChildren(sentence, ...(words ? [" ", button(words, "plain", press)] : []));
  }

  /** Say that nothing was found, or nothing at all. */
  empty(sentence, words, press) {
    this.nothing.replaceChildren(...(sentence ? [element("p", {}, [sentence]), button(words, "button", press)] : []));
    this.nothing.hidden = !sentence;
  }

  /** Offer edits of so many cards, if there are any. */
  offer(selected) {
    this.edits.hidden = !selected;
    this.selection.textContent = `${selected.toLocaleString("en")} selected`;
  }
}

const counted = (cards) => (cards === 1 ? "1 card" : `${cards.toLocaleString("en")} cards`);

function button(words, look, press) {
  const made = element("button", { type: "button", class: look }, [words]);
  made.addEventListener("click", press);
  return made;
}
