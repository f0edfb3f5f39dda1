// A list of any length of which only the rows in view are on the page; one of them has the cursor, any may be selected.
import { typeset } from "/assets/sim/math.js";
import { element } from "./element.js";

const BEYOND = 8; // rows kept above and below those in view

export class List {
  /**
   * @param found the rows
   * @param act what a press leads to: `open(place)`, `select(place, event)`, `moved(place, event)`
   */
  constructor(found, act) {
    this.found = found;
    this.act = act;
    this.cursor = 0;
    this.selected = new Set();
    this.drawn = new Map(); // place → its element
    this.room = element("div", { class: "room", role: "presentation" });
    this.box = element("div", { class: "list", role: "listbox", tabindex: "0", "aria-multiselectable": "true", "aria-label": "Cards found" }, [this.room]);
    this.box.addEventListener("scroll", () => this.drawSoon(), { passive: true });
    this.box.addEventListener("click", (event) => this.click(event));
    this.box.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault()); // no text is selected
    this.sizes = new ResizeObserver(() => {
      this.makeRoom();
      this.drawSoon();
    });
    this.sizes.observe(this.box);
  }

  close() {
    this.sizes.disconnect();
  }

  /** The scroll bar stands beside the column, so that the lines between rows are as long as all others. */
  makeRoom() {
    this.box.style.setProperty("--bar", `${this.box.offsetWidth - this.box.clientWidth}px`);
  }

  /** Show what has been found from its beginning. */
  restart() {
    this.cursor = 0;
    this.box.scrollTop = 0;
    this.redraw();
  }

  /** Draw all rows in view again. */
  redraw() {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.draw();
  }

  drawSoon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    const { total } = this.found;
    const height = this.height();
    this.room.style.height = `${total * height}px`;
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - BEYOND);
    const last = Math.min(total - 1, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + BEYOND);
    for (const [place, row] of this.drawn) {
      const away = (place < first || place > last) && place !== this.cursor; // the cursor's row is what is read out
      if (away || row.shows !== this.found.rows.get(place)) this.drop(place, row);
    }
    for (let place = first; place <= last; place += 1) this.put(place, height);
    if (total) this.put(Math.min(this.cursor, total - 1), height);
    this.found.want(first, last);
    this.mark();
  }

  put(place, height) {
    if (this.drawn.has(place)) return;
    const row = line(this.found.rows.get(place), place, this.found.total); // undefined until it has come
    row.style.transform = `translateY(${place * height}px)`;
    this.drawn.set(place, row);
    const after = [...this.drawn.keys()].filter((other) => other > place);
    this.room.insertBefore(row, after.length ? this.drawn.get(Math.min(...after)) : null);
    typeset(row);
  }

  drop(place, row) {
    row.remove();
    this.drawn.delete(place);
  }

  /** Show which rows are selected, and which has the cursor. */
  mark() {
    for (const [place, row] of this.drawn) {
      row.setAttribute("aria-selected", String(this.selected.has(row.dataset.id)));
      row.classList.toggle("current", place === this.cursor);
    }
    const current = this.drawn.get(this.cursor);
    if (current) this.box.setAttribute("aria-activedescendant", current.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** Pixels a row takes. */
  height() {
    return parseFloat(getComputedStyle(this.box).lineHeight); // the style sheet sets it to the height of a row
  }

  /** Move the cursor to a place, and bring it into view. */
  go(place) {
    const { total } = this.found;
    if (!total) return;
    this.cursor = Math.min(Math.max(place, 0), total - 1);
    const height = this.height();
    const top = this.cursor * height;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + height > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + height - this.box.clientHeight;
    this.draw();
  }

  /** Rows that fit in view, less one to keep one's bearings. */
  get screen() {
    return Math.max(1, Math.floor(this.box.clientHeight / this.height()) - 1);
  }

  click(event) {
    const row = event.target.closest(".row");
    if (!row?.dataset.id) return;
    const place = Number(row.dataset.place);
    const selects = event.target.closest(".check") || event.shiftKey || event.ctrlKey || event.metaKey;
    if (selects) this.act.select(place, event);
    else this.act.open(place);
  }
}

function line(row, place, total) {
  const made = element("div", { class: "row", role: "option", id: `browse-row-${place}`, "aria-setsize": total, "aria-posinset": place + 1 });
  made.dataset.place = place;
  made.shows = row; // an answer that comes later brings another
  if (!row) {
    made.classList.add(row === undefined ? "coming" : "gone");
    made.append(element("span", { class: "what" }, [row === undefined ? "…" : "No longer in the book"]));
    return made;
  }
  made.dataset.id = row.id;
  const flags = row.flags.map((flag) => element("span", { class: `flag ${flag}` }, [flag]));
  made.append(
    element("span", { class: "check", "aria-hidden": "true" }),
    element("span", { class: "what" }, [
      element("span", { class: "front" }, row.front.map(([text, isTex]) => (isTex ? element("span", { class: "math inline" }, [text]) : text))),
      element("span", { class: "under ui" }, [element("span", { class: "in" }, [row.section]), ...flags]),
    ]),
    element("span", { class: "standing ui" }, [row.standing]),
    ...[["stability", row.stability], ["difficulty", row.difficulty], ["lapses", row.lapses]].map(([name, value]) =>
      element("span", { class: `number ui ${name}` }, value ? [element("span", { class: "hidden-visually" }, [`${name} `]), value] : []),
    ),
  );
  return made;
}
