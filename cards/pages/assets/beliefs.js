// What a reader does about claims, as plain data; it can be taken back, and done again, where it was done. Each deed has the id of
// the operation that did it, by which the server lets it not count any more, or count again:
//
//   { card, entry, told }                        a credence, an outcome, or a check
//   { card, entry, told, isTakenBack: true }     one that was taken back
//   { card, entry, told, before, text }          the note to a credence
import { button } from "./asking.js";
import { element } from "./element.js";
import { hint } from "./grades.js";
import { History } from "./history.js";
import { pressed } from "./keys.js";
import { add } from "./pending.js";

/** What is sent to take it back. */
export const backward = ({ card, entry, before, text, isTakenBack }) =>
  text !== undefined ? { kind: "reason", card, entry, text: before } : { kind: "withdraw", card, entry, on: !isTakenBack };

/** What is sent to do it again. */
export const forward = ({ card, entry, text, isTakenBack }) =>
  text !== undefined ? { kind: "reason", card, entry, text } : { kind: "withdraw", card, entry, on: Boolean(isTakenBack) };

export class Beliefs {
  /** @param host the component's element; presses inside it count. `moved` is called before anything is taken back or done again */
  constructor(host, moved = () => {}) {
    Object.assign(this, { host, moved });
    this.history = new History();
    this.remark = element("p", { class: "ui remark", role: "status", tabindex: "-1" });
    host.addEventListener("keydown", (event) => this.key(event));
  }

  /** Something has been done, and is sent already. */
  did(deed) {
    this.history.did(deed);
    this.tellOf(deed);
  }

  undo() {
    this.moved();
    const deed = this.history.back();
    if (!deed) return;
    add(backward(deed), this.host);
    this.tell(deed.isTakenBack ? "It counts again." : "Taken back.", button("Redo", "plain", () => this.redo()));
    this.focus();
  }

  redo() {
    this.moved();
    const deed = this.history.forth();
    if (!deed) return;
    add(forward(deed), this.host);
    this.tellOf(deed);
    this.focus();
  }

  tellOf({ told }) {
    const back = button("Undo", "plain", () => this.undo());
    back.append(hint("Z"));
    this.tell(told, back);
  }

  /** Say what has just been done. */
  tell(sentence, ...controls) {
    this.remark.replaceChildren(sentence, " ", ...controls);
  }

  /** Bring the focus to what was said last: the button that had it may be gone. */
  focus() {
    this.remark.focus({ preventScroll: true });
  }

  key(event) {
    const key = pressed(event);
    if (key === "undo" && this.history.newest) this.undo();
    else if (key === "redo" && this.history.canRedo) this.redo();
    else return;
    event.preventDefault();
  }
}
