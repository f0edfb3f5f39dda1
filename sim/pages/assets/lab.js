// On a simulation's own page, below its panel: exact answers beside measured ones, and the command that repeats the run.
import { command } from "./command.js";
import { Fact, Other } from "./compared.js";
import { h } from "./dom.js";
import { follow } from "./pictures.js";

const UNRUN = "Run it, and what it measures stands beside what is exact.";
const RUNNING = "It is running. What it measures stands here when it is done.";
const OFF_BY = "“Off by” counts standard errors: by chance alone, a measurement is off by more than 3 one time in 370.";

const mounted = new WeakMap();

/** @param component its data are made by `compared` in sim/pages/lab.py */
export function mount({ parentElement, data }) {
  const host = parentElement.querySelector(".lab");
  const asked = JSON.stringify(data);
  if (mounted.get(host)?.asked === asked) return;
  mounted.get(host)?.leave();
  const comparison = new Comparison(data);
  host.replaceChildren(comparison.element);
  mounted.set(host, { asked, leave: follow(data.id, (picture) => comparison.show(picture)) });
}

/** Called once, when the element has left the page. */
export function unmount({ parentElement }) {
  const host = parentElement.querySelector(".lab");
  mounted.get(host)?.leave();
  mounted.delete(host);
}

class Comparison {
  constructor({ id, facts, others, defaults }) {
    this.judged = facts.some(({ error }) => error);
    const columns = ["Exact", "Measured", ...(this.judged ? ["Off by"] : [])];
    const across = columns.length;
    this.rows = [...facts.map((fact) => new Fact(fact, across)), ...others.map((other) => new Other(other, across))];
    this.note = h("p", { class: "ui note" });
    this.command = command(id, defaults);
    const head = h("tr", {}, h("td", {}), ...columns.map((words) => h("th", { scope: "col" }, words)));
    const body = this.rows.map((row) => row.element);
    this.element = h(
      "section",
      { class: "prose comparison", "aria-labelledby": `${id}-compared` },
      h("h2", { id: `${id}-compared` }, "Exact and measured"),
      h("table", {}, h("thead", {}, head), h("tbody", {}, ...body)),
      this.note,
      this.command.element,
    );
  }

  show(picture) {
    for (const row of this.rows) row.show(picture);
    this.command.show(picture);
    const measured = Object.keys(picture.result).length > 0;
    const after = this.judged ? OFF_BY : "";
    this.note.textContent = picture.state === "running" ? RUNNING : measured ? after : UNRUN;
  }
}
