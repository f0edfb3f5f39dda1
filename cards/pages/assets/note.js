// The reader's note on a card: shown with it from the time that it is written, and changed where it stands.
import { element } from "./element.js";

const LONGEST = 2000; // characters, as on the server
const PAUSE = 600; // milliseconds without a key after which what is written is on its way

export class Note {
  /** @param changed told the text, again and again while it is written, and when that began */
  constructor(changed, name = "Your note on this card") {
    this.changed = changed;
    this.words = element("p", { class: "words" });
    this.field = element("textarea", { class: "field", maxlength: String(LONGEST), rows: "3", "aria-label": name, hidden: "" });
    this.button = element("button", { type: "button", class: "plain" });
    this.root = element("div", { class: "note", hidden: "" }, [element("p", { class: "ui" }, ["Your note", this.button]), this.words, this.field]);
    this.button.addEventListener("click", () => (this.isOpen ? this.close(true) : this.edit()));
    this.field.addEventListener("input", () => this.wait());
    this.field.addEventListener("blur", () => this.flush());
    this.field.addEventListener("keydown", (event) => this.key(event));
  }

  get isOpen() {
    return !this.field.hidden;
  }

  /** Show what is written on a card, closed. `done` is called when the reader has finished changing it. */
  show(text, done) {
    this.close();
    this.done = done;
    this.told = this.field.value = text;
    this.draw();
  }

  /** Let the reader write. */
  edit() {
    this.began = Date.now();
    this.field.hidden = false;
    this.draw();
    this.field.focus();
  }

  close(isDone = false) {
    if (!this.isOpen) return;
    this.flush();
    this.field.hidden = true;
    this.draw();
    if (isDone) this.done?.();
  }

  draw() {
    this.root.hidden = !this.isOpen && !this.field.value.trim();
    this.words.hidden = this.isOpen;
    this.words.textContent = this.field.value;
    this.button.textContent = this.isOpen ? "Done" : "Change";
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    clearTimeout(this.timer);
    const text = this.field.value.trim();
    if (text === this.told || this.told === undefined) return;
    this.told = text;
    this.changed(text, this.began);
  }

  key(event) {
    const isDone = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
    this.close(true);
  }
}
