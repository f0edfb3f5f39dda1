// One row of sliders, native ones, so that every key that a reader knows works on them.
import { h } from "./dom.js";
import { quantity } from "./words.js";

const POSITIONS = 120; // of a slider whose range spans decades

const rounded = (value, digits) => Number(value.toPrecision(digits));

/** How a control's values lie along its track: linear, or by equal factors. Its own first value is always exact. */
function track(control) {
  const way = control.scale === "log" ? byFactors(control) : evenly(control);
  const home = way.position(control.value);
  const value = (at) => {
    if (Math.abs(at - home) < way.step / 2) return control.value;
    const there = control.integer ? Math.round(way.value(at)) : way.value(at);
    return Math.min(control.high, Math.max(control.low, there));
  };
  return { ...way, value };
}

function evenly({ low, high, step, integer }) {
  const fine = step ?? (integer ? 1 : rounded((high - low) / 100, 3));
  return { min: low, max: high, step: fine, position: (value) => value, value: (at) => rounded(at, 12) };
}

function byFactors({ low, high }) {
  const span = Math.log(high / low);
  return {
    min: 0,
    max: POSITIONS,
    step: 1,
    position: (value) => Math.round((POSITIONS * Math.log(value / low)) / span),
    value: (at) => rounded(low * Math.exp((span * at) / POSITIONS), 3),
  };
}

/**
 * @param controls what can be moved: name, title, unit, help, low, high, step, scale, integer, value
 * @param moved told the name and the value, while a slider is dragged
 */
export class Sliders {
  constructor(id, controls, moved) {
    this.each = new Map();
    this.element = h("fieldset", { class: "sliders" }, h("legend", { class: "hidden-visually" }, "Settings"));
    for (const control of controls) this.element.append(this.row(`${id}-${control.name}`, control, moved));
  }

  row(id, control, moved) {
    const way = track(control);
    const output = h("output", { for: id, title: control.help });
    const input = h("input", { type: "range", id, min: way.min, max: way.max, step: way.step, "aria-describedby": `${id}-help` });
    input.addEventListener("input", () => {
      const value = way.value(input.valueAsNumber);
      this.tell({ [control.name]: value });
      moved(control.name, value);
    });
    this.each.set(control.name, { control, way, input, output });
    this.put(control.name, control.value);
    return h(
      "div",
      { class: "slider" },
      h("label", { for: id, title: control.help }, control.title),
      output,
      input,
      h("span", { id: `${id}-help`, class: "hidden-visually" }, control.help),
    );
  }

  /** Move a thumb, and say its value. */
  put(name, value) {
    const slider = this.each.get(name);
    slider.input.value = slider.way.position(value);
    this.tell({ [name]: value });
  }

  /** Say values without moving the thumbs: one of them may be under the reader's finger. */
  tell(settings) {
    for (const [name, { control, input, output }] of this.each) {
      if (!(name in settings)) continue;
      const words = quantity(settings[name], control.unit);
      output.textContent = words;
      input.setAttribute("aria-valuetext", words);
    }
  }
}
