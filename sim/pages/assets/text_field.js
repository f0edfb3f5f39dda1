// A setting that is typed as text. It counts when Enter is pressed or the field is left; the server checks it.
import { h } from "./dom.js";

export class TextField {
  /**
   * @param control name, title, help, longest, value
   * @param typed told the text, when it is another than before
   */
  constructor(id, { title, help, longest, value }, typed) {
    this.input = h("input", { class: "field", id, maxlength: longest, autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-help` });
    this.input.addEventListener("change", () => typed(this.input.value));
    this.put(value);
    this.element = h(
      "div",
      { class: "slider typed" },
      h("label", { for: id, title: help }, title),
      this.input,
      h("span", { id: `${id}-help`, class: "hidden-visually" }, help),
    );
  }

  put(text) {
    this.input.value = text;
  }

  /** Say the text as the server understood it, unless the reader is typing. */
  tell(text) {
    if (!this.input.matches(":focus")) this.put(text);
  }
}
