// The seed: a number to type, and a die to throw for another.
import { h, icon } from "./dom.js";

const CHOSEN = 10000; // of seeds that the page chooses itself
const DIE = `<rect x="2" y="2" width="12" height="12" rx="2.5"/><g class="dots"><circle cx="5.4" cy="5.4" r="1.1"/>
  <circle cx="10.6" cy="5.4" r="1.1"/><circle cx="8" cy="8" r="1.1"/><circle cx="5.4" cy="10.6" r="1.1"/><circle cx="10.6" cy="10.6" r="1.1"/></g>`;

export class Seed {
  /**
   * @param sown told the seed that the reader has typed or thrown
   * @param trouble told a sentence where what was typed is none
   */
  constructor(id, value, { sown, trouble }) {
    this.field = h("input", { class: "field seed", id: `${id}-seed`, inputmode: "numeric", maxlength: 10, autocomplete: "off" });
    this.field.addEventListener("change", () => {
      const text = this.field.value.trim();
      if (/^\d+$/.test(text) && Number(text) < 2 ** 32) return sown(Number(text));
      this.field.value = this.value;
      trouble(`“${text}” is no seed. A seed is a whole number, such as 7.`);
    });
    const die = h(
      "button",
      { class: "die", type: "button", "aria-label": "Throw the dice", title: "Another seed", onclick: () => sown(this.another()) },
      icon(DIE),
    );
    const label = h("label", { for: this.field.id, title: "The same seed gives the same random numbers." }, "Seed");
    this.element = h("span", { class: "few" }, label, this.field, die);
    this.put(value);
  }

  put(value) {
    this.value = value;
    if (this.field.value !== String(value)) this.field.value = value;
  }

  /** A seed that is not the present one. */
  another() {
    return (this.value + 1 + Math.floor(Math.random() * (CHOSEN - 1))) % CHOSEN;
  }
}
