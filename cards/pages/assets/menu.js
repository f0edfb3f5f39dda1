// A menu that a button opens: arrows move in it, Escape and a press elsewhere close it.
import { element } from "./element.js";
import { hint } from "./grades.js";

export class Menu {
  /**
   * @param button what opens it
   * @param name what it is called
   * @param items gives [{ words, key, press }] at the moment it opens
   */
  constructor(button, name, items) {
    Object.assign(this, { button, items });
    this.list = element("div", { class: "menu ui", role: "menu", "aria-label": name, hidden: "" });
    this.root = element("span", { class: "menu-anchor" }, [button, this.list]);
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => this.toggle());
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.elsewhere = (event) => this.root.contains(event.target) || this.close();
  }

  get isOpen() {
    return !this.list.hidden;
  }

  toggle() {
    if (this.isOpen) this.close(true);
    else this.open();
  }

  open() {
    this.list.replaceChildren(...this.items().map((item) => this.item(item)));
    this.list.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.list.firstElementChild?.focus();
    document.addEventListener("pointerdown", this.elsewhere, true);
  }

  /** Close it; the focus goes back to its button if asked. */
  close(back = false) {
    if (!this.isOpen) return;
    this.list.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", this.elsewhere, true);
    if (back) this.button.focus();
    this.list.replaceChildren();
  }

  item({ words, key, press }) {
    const made = element("button", { type: "button", role: "menuitem", tabindex: "-1" }, key ? [words, hint(key)] : [words]);
    made.addEventListener("click", () => {
      this.close(true);
      press();
    });
    return made;
  }

  key(event) {
    const all = [...this.list.children];
    const here = all.indexOf(document.activeElement);
    const moves = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 };
    if (event.key in moves) all.at(moves[event.key] % all.length).focus();
    else if (event.key === "Escape") this.close(true);
    else if (event.key === "Tab") return this.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
