// The question how likely a claim is: a dial, "no idea", and a note for those who want to say why. It is put down when the
// server has understood it; until then everything stays as it was entered.
import { button } from "./asking.js";
import { Dial } from "./dial.js";
import { element } from "./element.js";
import { pending } from "./pending.js";

const LONGEST = 2000; // characters, as on the server
const NO_IDEA = "no idea";

export class HowLikely {
  /**
   * @param say told what was said, a text, and the note
   * @param words of the question, and of the button: { what, press }
   */
  constructor(say, { what = "How likely is it?", press = "Put it down" } = {}) {
    this.say = say;
    this.awaited = ""; // the id of the operation that is on its way
    this.dial = new Dial(what, () => this.commit());
    this.press = button(press, "button first", () => this.commit());
    this.none = button("No idea", "button", () => this.commit(NO_IDEA));
    this.why = button("Add a note", "plain", () => this.openNote());
    this.note = element("textarea", { class: "field", rows: "2", maxlength: String(LONGEST) });
    this.noted = element("label", { class: "ui noted", hidden: "" }, ["Why? A note for yourself.", this.note]);
    this.actions = element("div", { class: "ways" }, [this.press, this.none, this.why]);
    this.root = element("div", { class: "how-likely" }, [this.dial.root, this.noted, this.actions]);
  }

  get isAwaiting() {
    return this.awaited !== "";
  }

  /** Say what is in the dial, or something else. Pressed twice, it is said once. */
  commit(said = this.dial.said) {
    if (this.isAwaiting) return;
    this.awaited = this.say(said, this.note.value.trim());
  }

  /** Something that an earlier page has sent is still on its way: show it, and wait for it. */
  resume({ id, said, note }) {
    this.awaited = id;
    if (said !== NO_IDEA) this.dial.put(said);
    this.note.value = note ?? "";
    this.noted.hidden = !this.note.value;
  }

  /** Take in what the server has said; returns the id of what was awaited, once it is put down. */
  hears({ confirmed = [], refused = {} }) {
    const { awaited } = this;
    if (pending().some(({ id }) => id === awaited)) return "";
    this.awaited = "";
    if (!confirmed.includes(awaited)) return ""; // another component has carried it, and was told
    if (!refused[awaited]) return awaited;
    this.dial.refuse(refused[awaited].sentence);
    return "";
  }

  openNote() {
    this.noted.hidden = false;
    this.why.hidden = true;
    this.note.focus();
  }
}
