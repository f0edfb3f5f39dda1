// A probability: a slider, and a field for what a slider cannot say ("1/3", "0,5 %"). What is in the field counts, and the
// server reads it. The slider stands nowhere until it is touched, so that nothing is suggested.
import { element } from "./element.js";

const MIDDLE = 50; // where a slider that stands nowhere begins, for a key that moves it
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };
const ENDS = { Home: 0, End: 100 };
const PLAIN = /^(\d{1,3}(?:[.,]\d*)?) ?%?$/; // what can be shown on the slider without asking the server

let made = 0;

export class Dial {
  /**
   * @param label what it is the probability of
   * @param enter called when the reader presses Enter in it
   */
  constructor(label, enter) {
    const id = `dial-${++made}`;
    this.slider = element("input", { type: "range", class: "unset", min: "0", max: "100", step: "1", value: String(MIDDLE), "aria-label": `${label}, as a slider`, "aria-valuetext": "not set" });
    this.field = element("input", { class: "field", id, maxlength: "60", autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-trouble` });
    this.trouble = element("p", { class: "ui trouble", id: `${id}-trouble`, role: "alert" });
    const entry = element("span", { class: "entry" }, [element("label", { for: id, class: "ui" }, ["in percent"]), this.field]);
    this.name = element("p", { class: "ui what", id: `${id}-what` }, [label]);
    this.root = element("div", { class: "dial", role: "group", "aria-labelledby": `${id}-what` }, [this.name, this.slider, this.ends(), entry, this.trouble]);
    this.slider.addEventListener("keydown", (event) => this.key(event, enter));
    for (const name of ["input", "change", "pointerup"]) this.slider.addEventListener(name, () => this.move(this.slider.valueAsNumber));
    this.field.addEventListener("input", () => this.follow());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      enter?.();
    });
  }

  /** What has been said, as it is to be sent. */
  get said() {
    return this.field.value.trim();
  }

  /** Put something said back into it, or nothing. */
  put(said) {
    this.field.value = said;
    this.follow();
  }

  /** Say why the server will not have it, and let the reader mend it; what was written stays. */
  refuse(sentence) {
    this.trouble.textContent = sentence;
    this.field.setAttribute("aria-invalid", "true");
    this.field.focus();
  }

  focus() {
    this.slider.focus({ preventScroll: true });
  }

  ends() {
    return element("span", { class: "ui ends", "aria-hidden": "true" }, [element("span", {}, ["impossible"]), element("span", {}, ["certain"])]);
  }

  // The same steps in every browser.
  key(event, enter) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const at = this.isSet ? this.slider.valueAsNumber : MIDDLE;
    if (key in ENDS) this.move(ENDS[key]);
    else if (key in STEPS) this.move(this.isSet ? at + STEPS[key] : at);
    else if (key === "Enter") enter?.();
    else return;
    event.preventDefault();
  }

  get isSet() {
    return !this.slider.classList.contains("unset");
  }

  move(value) {
    const points = Math.max(0, Math.min(100, value));
    this.field.value = `${points}%`;
    this.show(points);
  }

  /** Let the slider follow the field, as far as it can be told what that means. */
  follow() {
    const found = PLAIN.exec(this.said);
    const points = found ? Number(found[1].replace(",", ".")) : NaN;
    this.show(points <= 100 ? points : NaN);
  }

  show(points) {
    const isSet = !Number.isNaN(points);
    this.slider.classList.toggle("unset", !isSet);
    this.slider.value = String(isSet ? points : MIDDLE);
    this.slider.setAttribute("aria-valuetext", isSet ? `${points}%` : "not set");
    this.trouble.textContent = "";
    this.field.removeAttribute("aria-invalid");
  }
}
