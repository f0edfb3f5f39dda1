// One row of sliders, native ones, so that every key that a reader knows works on them. Each stands at one of the
// positions that its control lists (sim/positions.py); beside it the value, which can be typed as well. What is text has
// a field instead.
import { h } from "./dom.js";
import { TextField } from "./text_field.js";
import { quantity, typed } from "./words.js";

/** Which of the positions is nearest to a value; by factors where the range spans decades. */
function nearest({ positions, scale }, value) {
  const apart = scale === "log" ? (other) => Math.abs(Math.log(other / value)) : (other) => Math.abs(other - value);
  return positions.reduce((best, other, index) => (apart(other) < apart(positions[best]) ? index : best), 0);
}

/**
 * @param controls what can be moved: name, title, unit, help, low, high, positions, scale, integer, value
 * @param moved told the name and the value, while a slider is dragged or when one was typed
 * @param noticed told the name when the reader comes near a slider
 */
export class Sliders {
  constructor(id, controls, { moved, noticed, refused }) {
    this.each = new Map();
    this.texts = new Map();
    this.told = { moved, noticed, refused };
    this.element = h("fieldset", { class: "sliders" }, h("legend", { class: "hidden-visually" }, "Settings"));
    for (const control of controls) {
      const row = control.scale === "text" ? this.field : this.row;
      this.element.append(row.call(this, `${id}-${control.name}`, control));
    }
  }

  field(id, control) {
    const text = new TextField(id, control, (value) => this.told.moved(control.name, value));
    this.texts.set(control.name, text);
    return text.element;
  }

  row(id, control) {
    const { name, title, help, positions } = control;
    const input = h("input", { type: "range", id, min: 0, max: positions.length - 1, step: 1, "aria-describedby": `${id}-help` });
    const output = h("output", { for: id });
    input.addEventListener("input", () => this.move(name, positions[input.valueAsNumber]));
    for (const event of ["focus", "pointerenter", "touchstart"]) {
      input.addEventListener(event, () => this.told.noticed(name), { passive: true });
    }
    this.each.set(name, { control, input, output });
    this.put(name, control.value);
    return h(
      "div",
      { class: "slider" },
      h("label", { for: id, title: help }, title),
      this.entry(control, output),
      input,
      h("span", { id: `${id}-help`, class: "hidden-visually" }, help),
    );
  }

  /** The value, which turns into a field when it is pressed. */
  entry(control, output) {
    const field = h("input", { class: "field", inputmode: "decimal", maxlength: 12, autocomplete: "off", "aria-label": `${control.title}, as a number`, hidden: true });
    const button = h("button", { class: "value", type: "button", title: "Type a number" }, output);
    const close = () => {
      button.hidden = false;
      field.hidden = true;
    };
    const take = () => {
      if (field.hidden) return;
      close();
      if (field.value.trim() !== field.defaultValue) this.type(control, field.value);
    };
    button.addEventListener("click", () => {
      button.hidden = true;
      field.hidden = false;
      field.value = field.defaultValue = output.textContent.replace(/[^\d.,%\u2212-]/g, "");
      field.focus();
      field.select();
    });
    field.addEventListener("blur", take);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault(); // or the button, which has the focus next, would be pressed
      if (event.key === "Enter") take();
      else close();
      button.focus();
    });
    return h("span", { class: "entry" }, button, field);
  }

  /** Take a number that was typed: "40%", or "40" where the value is shown in percent. */
  type(control, text) {
    const value = typed(text) / (control.unit === "share" && !text.includes("%") ? 100 : 1);
    if (Number.isNaN(value)) return this.told.refused(`“${text.trim()}” is not a number. Write it in digits, such as ${quantity(control.value, "")}.`);
    const whole = control.integer ? Math.round(value) : value;
    const { low, high, unit } = control;
    if (whole < low || whole > high) {
      return this.told.refused(`${control.title} goes from ${quantity(low, unit)} to ${quantity(high, unit)}; “${text.trim()}” is beyond that.`);
    }
    this.put(control.name, whole);
    this.told.moved(control.name, whole);
  }

  move(name, value) {
    this.tell({ [name]: value });
    this.told.moved(name, value);
  }

  /** Move a thumb as near as it goes, and say its value. */
  put(name, value) {
    if (this.texts.has(name)) return this.texts.get(name).put(value);
    const { control, input } = this.each.get(name);
    input.value = nearest(control, value);
    this.tell({ [name]: value });
  }

  /** Say values without moving the thumbs: one of them may be under the reader's finger. */
  tell(settings) {
    for (const [name, text] of this.texts) if (name in settings) text.tell(settings[name]);
    for (const [name, { control, input, output }] of this.each) {
      if (!(name in settings)) continue;
      const words = quantity(settings[name], control.unit);
      output.textContent = words;
      input.setAttribute("aria-valuetext", words);
    }
  }
}
