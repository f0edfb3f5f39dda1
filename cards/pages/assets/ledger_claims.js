// The list of claims: narrowed and ordered here, since all of them are here; so many are on the page at a time.
import { element } from "./element.js";
import { button } from "./asking.js";

const SHOWN = 25; // at first, and so many more with each press
const STATUSES = [["", "All"], ["open", "Open"], ["past", "Date has come"], ["resolved", "Turned out"], ["unasked", "Not asked yet"]];
const last = (row) => row.last ?? -1;
const ORDERS = {
  "Latest first": (one, other) => other.at - one.at,
  "Date that comes first": (one, other) => (one.by ?? Infinity) - (other.by ?? Infinity) || other.at - one.at,
  "Most movement": (one, other) => (other.moved ?? -1) - (one.moved ?? -1),
  "Most likely": (one, other) => last(other) - last(one),
  "Least likely": (one, other) => (one.last ?? 2) - (other.last ?? 2),
  "A to Z": (one, other) => one.text.localeCompare(other.text),
};

export class Claims {
  /**
   * @param press told the id of a claim that is to be opened or closed
   * @param opened the claim that is open, whose `root` stands in its row
   */
  constructor(press, opened) {
    this.press = press;
    this.opened = opened;
    this.rows = [];
    this.status = "";
    this.bin = null;
    this.limit = SHOWN;
    this.heading = element("h2", { tabindex: "-1" }, ["Claims"]);
    this.chips = STATUSES.map(([status, words]) => {
      const made = button(words, "chip", () => this.choose(() => (this.status = status)));
      made.dataset.status = status;
      return made;
    });
    this.only_ = element("p", { class: "ui only" });
    this.field = element("input", { type: "search", class: "field", "aria-label": "Find a claim", placeholder: "Find a claim", autocomplete: "off" });
    this.field.addEventListener("input", () => this.choose(() => {}));
    this.order = element("select", { class: "field", "aria-label": "Order" }, Object.keys(ORDERS).map((words) => element("option", {}, [words])));
    this.order.addEventListener("change", () => this.choose(() => {}));
    this.count = element("p", { class: "ui count", role: "status" });
    this.list = element("ol", { class: "claims" });
    this.more = button("", "button", () => this.showMore());
    this.root = element("section", { "aria-label": "Claims" }, [
      this.heading,
      element("div", { class: "narrow ui" }, [
        element("div", { class: "chips", role: "group", "aria-label": "Which claims" }, this.chips),
        element("div", { class: "find" }, [this.field, this.order]),
      ]),
      this.only_,
      this.count,
      this.list,
      this.more,
    ]);
  }

  /** Show these claims, narrowed and ordered as before. */
  show(rows) {
    this.rows = rows;
    this.root.hidden = !rows.length;
    this.bin = this.bin && { ...this.bin, claims: this.bin.claims.filter((id) => rows.some((row) => row.id === id)) };
    if (!rows.some((row) => row.status === this.status)) this.status = "";
    this.draw();
  }

  choose(change) {
    change();
    this.limit = SHOWN;
    this.draw();
  }

  /** Only the claims of a bin of the calibration curve. */
  only(bin) {
    this.choose(() => {
      this.bin = bin;
      this.status = this.field.value = "";
    });
  }

  /** Narrow nothing. */
  widen() {
    this.choose(() => {
      this.bin = null;
      this.status = this.field.value = "";
    });
  }

  found() {
    const words = this.field.value.trim().toLowerCase();
    const wanted = this.bin && new Set(this.bin.claims);
    return this.rows
      .filter((row) => (this.status ? row.status === this.status : row.status !== "unasked" || (words && !wanted)))
      .filter((row) => !wanted || wanted.has(row.id))
      .filter((row) => !words || row.text.toLowerCase().includes(words))
      .sort(ORDERS[this.order.value]);
  }

  draw() {
    const focused = document.activeElement;
    const row = focused?.closest?.(".claims > li")?.dataset.claim;
    this.redraw();
    if (row === undefined || focused === document.activeElement) return;
    // What was taken off the page for a moment has lost the focus; a row that was drawn anew never had it.
    const again = focused.isConnected ? focused : this.made(row)?.firstChild;
    again?.focus({ preventScroll: true });
  }

  redraw() {
    const found = this.found();
    const shown = found.slice(0, this.limit);
    const open = found.find((row) => row.id === this.opened.id);
    if (open && !shown.includes(open)) shown.push(open); // what is open stays on the page
    this.list.replaceChildren(...shown.map((row) => this.row(row)));
    this.mark();
    this.label(found.length);
    const left = found.length - shown.length;
    this.more.hidden = left <= 0;
    this.more.textContent = `Show ${Math.min(SHOWN, left)} more`;
  }

  label(found) {
    const counts = { "": this.rows.filter((row) => row.status !== "unasked").length };
    for (const row of this.rows) counts[row.status] = (counts[row.status] ?? 0) + 1;
    for (const chip of this.chips) {
      const { status } = chip.dataset;
      chip.hidden = Boolean(status) && !counts[status];
      chip.setAttribute("aria-pressed", String(status === this.status));
      chip.textContent = `${STATUSES.find(([name]) => name === status)[1]} ${(counts[status] ?? 0).toLocaleString("en")}`;
    }
    const none = counts[""] || this.field.value.trim() ? "No claim is like that." : "You have put a number on none yet.";
    this.count.textContent = found ? `${found === 1 ? "1 claim" : `${found.toLocaleString("en")} claims`}` : none;
    this.only_.replaceChildren(...(this.bin ? [`Only those that turned out, of which you were ${this.bin.name} sure. `, button("All claims", "plain", () => this.widen())] : []));
  }

  showMore() {
    const before = this.list.children.length;
    this.limit += SHOWN;
    this.draw();
    this.list.children[before]?.querySelector("button").focus({ preventScroll: true });
  }

  row(row) {
    const press = button("", "claim", () => this.press(row.id));
    press.append(element("span", { class: "words" }, [row.text]), spark(row.spark));
    const made = element("li", { class: row.status }, [
      press,
      element("p", { class: "ui under" }, [element("span", { class: "from" }, [row.where]), ` · ${row.standing}`]),
    ]);
    made.dataset.claim = row.id;
    return made;
  }

  /** Put the open claim into its row, and say which row that is. */
  mark() {
    for (const made of this.list.children) {
      const isOpen = made.dataset.claim === this.opened.id;
      made.firstChild.setAttribute("aria-expanded", String(isOpen));
      if (isOpen && this.opened.root.parentElement !== made) made.append(this.opened.root);
    }
    if (!this.opened.id) this.opened.root.remove();
  }

  /** Bring a claim into view, and the focus to it. */
  reveal(id) {
    this.draw();
    this.focus(id)?.scrollIntoView({ block: "start" });
  }

  /** Bring the focus to a claim, if it is on the page; returns its row. */
  focus(id) {
    const made = this.made(id);
    made?.firstChild.focus({ preventScroll: true });
    return made;
  }

  made(id) {
    return [...this.list.children].find((row) => row.dataset.claim === id);
  }
}

const WIDE = 96;
const HIGH = 22;

/** A claim's last credences as a small line without words: what it shows is said below it. */
function spark(credences) {
  const namespace = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(namespace, "svg");
  drawing.setAttribute("viewBox", `-2 -2 ${WIDE + 4} ${HIGH + 4}`);
  drawing.setAttribute("class", "spark");
  drawing.setAttribute("aria-hidden", "true");
  const step = WIDE / Math.max(credences.length, 1);
  let path = "";
  let drawn = false;
  credences.forEach((credence, place) => {
    const at = `${(place * step).toFixed(1)},${(HIGH * (1 - credence / 100)).toFixed(1)}`;
    if (credence === null) drawn = false;
    else path += `${drawn ? "L" : "M"}${at}H${((place + 1) * step).toFixed(1)}`;
    if (credence !== null) drawn = true;
  });
  const line = document.createElementNS(namespace, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}
