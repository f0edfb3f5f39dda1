// Calibration: the curve, whose points lead to their claims, the same as a table, scores, and guesses at simulations.
import { element } from "./element.js";
import { button } from "./asking.js";
import { figure } from "./ledger_figure.js";
import { table } from "./ledger_record.js";

export class Calibration {
  /** @param narrow told the bin whose claims are wanted */
  constructor(narrow) {
    this.narrow = narrow;
    this.curve = element("div", { class: "curve" });
    this.rest = element("div");
    this.guesses = element("div");
    this.root = element("section", { "aria-label": "Calibration" }, [element("h2", {}, ["Calibration"]), this.curve, this.rest, this.guesses]);
  }

  close() {
    this.plot?.remove();
  }

  show(data, guesses, shared) {
    this.draw(data, shared);
    this.rest.replaceChildren(...(data.none ? [element("p", {}, [data.none]), which(data)] : this.words(data)));
    this.guesses.replaceChildren(...predictions(guesses));
  }

  draw({ figure: drawn, readout, bins, margin }, shared) {
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.close();
    this.plot = null;
    this.curve.replaceChildren();
    if (!drawn) return;
    const place = element("div");
    this.curve.append(place);
    const made = figure(place, { figure: drawn, height: 340, readout }, shared);
    this.plot = made;
    // For a mouse and a finger only: by the keyboard, and read aloud, the table below leads to the same.
    const points = bins.map((bin) => {
      const point = button("", "point", () => this.narrow(bin));
      point.tabIndex = -1;
      point.title = `${bin.name}: ${bin.cells[1]} came true`;
      point.style.left = `${100 * bin.x}%`;
      point.style.top = `${100 * bin.y}%`;
      return point;
    });
    const { l, r, t, b } = margin;
    made.stage.append(element("div", { class: "points", "aria-hidden": "true", style: `inset: ${t}px ${r}px ${b}px ${l}px` }, points));
  }

  words(data) {
    const rows = data.bins.map((bin) => [button(bin.name, "plain", () => this.narrow(bin)), ...bin.cells]);
    return [
      table("Bins", ["You were", "On average", "Came true", "Share", "95% band"], rows),
      which(data),
      table("Scores", ["Score", "Yours", "How to read it"], data.scores),
      element("p", { class: "ui" }, [data.honest]),
      element("p", { class: "ui" }, [data.murphy.words]),
      ...(data.murphy.rows.length ? [table("What the Brier score is made of", ["Term", "As it stands", "Without bias", "What it is"], data.murphy.rows)] : []),
    ];
  }
}

const which = (data) => element("p", { class: "ui" }, [data.which]);

function predictions({ sentences, rows }) {
  if (!rows.length) return [];
  return [
    element("h3", {}, ["Guesses at simulations"]),
    element("p", {}, [sentences.join(" ")]),
    table("Guesses at simulations", ["What was guessed", "Intervals that held", "Interval score", "Log-ratio error (n)"], rows),
    element("p", { class: "ui" }, ["Both errors are 0 at best. An interval score is in the unit of what was guessed: its width, and a penalty for the truth outside it. A log-ratio of 0.69 is off by a factor of two."]),
  ];
}
