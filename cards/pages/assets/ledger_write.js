// Writing a claim of one's own, or changing one: a sentence, and perhaps a day by which it turns out.
import { element } from "./element.js";
import { button } from "./asking.js";
import { newId } from "./ids.js";

const OWN = "own-";
let forms = 0;

/** A form that says beside its fields what is wrong, and loses nothing that was typed. */
export class Form {
  /**
   * @param fields elements, each with the field that is at fault first
   * @param words what stands on the button that sends it
   * @param send sends it; if it throws, its sentence is shown and all stays as it was
   */
  constructor(fields, words, send, others = []) {
    this.field = fields[0];
    forms += 1;
    this.trouble = element("p", { class: "trouble", role: "alert", id: `ledger-trouble-${forms}` });
    this.field.setAttribute("aria-describedby", this.trouble.id);
    this.press = element("button", { type: "submit", class: "button first" }, [words]);
    this.ways = element("span", { class: "ways" }, [this.press, ...others]);
    this.root = element("form", { class: "ui", novalidate: "" });
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(send);
    });
    this.root.addEventListener("input", () => this.field.removeAttribute("aria-invalid"));
  }

  async submit(send) {
    if (this.root.dataset.sent) return; // nothing is sent twice at once
    this.root.dataset.sent = "yes"; // what is sent is no draft any more, and need not be kept
    this.trouble.textContent = "";
    try {
      await send();
      this.field.removeAttribute("aria-invalid");
    } catch (error) {
      this.trouble.textContent = error.message;
      this.field.setAttribute("aria-invalid", "true");
      this.field.focus({ preventScroll: true });
    }
    delete this.root.dataset.sent;
  }
}

/** The selector of a form whose words were not sent yet. */
export const DRAFT = "form:not([data-sent])";

/** A field under its label. */
export function labelled(words, field) {
  return element("label", {}, [element("span", {}, [words]), field]);
}

export class WriteForm {
  /**
   * @param write is given { claim, text, by }; may throw an Error with a sentence
   * @param changed the claim that is to be changed: { id, text, by }; a new one without it
   */
  constructor(write, changed = null, leave = null) {
    this.text = element("textarea", { class: "field", rows: "2", maxlength: "600", placeholder: changed ? "" : "I will …" });
    this.by = element("input", { type: "date", class: "field" });
    if (changed) [this.text.value, this.by.value] = [changed.text, changed.by];
    this.id = changed?.id ?? named();
    const others = leave ? [button("Leave it", "plain", leave)] : [];
    const form = new Form([this.text], changed ? "Change it" : "Write it down", () => this.send(write, !changed), others);
    form.root.classList.add("write");
    form.root.append(labelled(changed ? "The claim" : "A claim of your own", this.text), labelled("By, if it has a date", this.by), form.ways, form.trouble);
    this.root = form.root;
  }

  async send(write, isNew) {
    if (this.by.validity.badInput) throw new Error("That is not a date; choose a day, or leave it empty.");
    await write({ claim: this.id, text: this.text.value, by: this.by.value });
    if (!isNew) return;
    this.text.value = this.by.value = "";
    this.id = named();
  }
}

const named = () => `${OWN}${newId()}`;
