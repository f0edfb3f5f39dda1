// The rows of the table of exact and measured numbers.
import { h } from "./dom.js";
import { number, plusMinus, quantity } from "./words.js";

/** A fact, and what the run measures of it. */
export class Fact {
  constructor({ name, title, unit, measured, error }, columns) {
    Object.assign(this, { name, unit, measured, error });
    this.cells = Array.from({ length: columns }, () => h("td", {}));
    this.element = h("tr", {}, heading(title, unit), ...this.cells);
  }

  show({ facts, result }) {
    const exact = facts[this.name];
    const value = result[this.measured];
    const error = result[this.error];
    const [exactly, measured, off] = this.cells;
    exactly.textContent = bare(exact, this.unit);
    measured.textContent = value === undefined ? "" : error === undefined ? bare(value, this.unit) : plusMinus(value, error, this.unit);
    if (off) off.textContent = error > 0 ? signed((value - exact) / error) : "";
  }
}

/** What the run measures and no formula gives; shown as soon as there is any of it, which not every run has. */
export class Other {
  constructor({ name, title, unit }, columns) {
    Object.assign(this, { name, unit, columns });
    this.cell = h("td", {});
    this.blanks = Array.from({ length: columns - 1 }, () => h("td", {}));
    const [before, ...after] = this.blanks;
    this.element = h("tr", {}, heading(title, unit), before, this.cell, ...after);
  }

  show({ result }) {
    const value = result[this.name];
    const list = Array.isArray(value);
    this.element.hidden = value === undefined || (list && value.length === 0);
    for (const blank of this.blanks) blank.hidden = list; // it takes the room of all columns
    this.cell.colSpan = list ? this.columns : 1;
    this.cell.classList.toggle("list", list);
    if (value !== undefined) this.cell.textContent = list ? value.map((item) => short(item, this.unit)).join(", ") : bare(value, this.unit);
  }
}

/** What a row is about; its unit stands here once, and not in every cell. */
function heading(title, unit) {
  const counted = unit && unit !== "share" && !title.includes(unit);
  return h("th", { scope: "row" }, title, counted ? h("span", { class: "unit" }, `, in ${unit}`) : "");
}

const bare = (value, unit) => quantity(value, unit === "share" ? unit : "");

/** One of many: three digits are enough. */
function short(value, unit) {
  const rounded = Number(value.toPrecision(3));
  return bare(rounded, unit);
}

function signed(value) {
  const rounded = Math.abs(value).toFixed(1);
  return Number(rounded) === 0 ? rounded : `${value < 0 ? "−" : "+"}${number(Number(rounded))}`;
}
