// Claims that are to be thought about again, after the last card: how likely they are now, the same once more where nothing was
// learned, or how they turned out. What was said before is shown only once the reader has answered. The last can be taken back.
import { button } from "./asking.js";
import { backward } from "./beliefs.js";
import { element } from "./element.js";
import { faces, reach } from "./faces.js";
import { hint } from "./grades.js";
import { HowLikely } from "./how_likely.js";
import { OUTCOMES } from "./outcomes.js";

const CHOICES = [...OUTCOMES, { outcome: "open", words: "Not yet", means: "asked in a month" }];
const LEADS = { outcome: "Its date has come. Has it turned out?", credence: "Think again.", repeat: "Nothing new since? Say it again." };
const LEARNED = "I have learned something since";

export class Believing {
  /**
   * Draws into the `parts` of the desk; `send` sends an operation and returns its id, `close` is called when no claim is left,
   * `remark` says what was done and, with a word for it, offers to undo that.
   */
  constructor(parts, send, close, remark) {
    Object.assign(this, { parts, send, close, remark, left: [], dealtWith: new Set(), claim: null, last: null, form: null });
  }

  /** Take in what is to be asked, and what became of what was said. */
  update(data) {
    const { believe = [] } = data;
    this.left = believe.filter((claim) => !this.dealtWith.has(claim.id) && claim.id !== this.claim?.id);
    const put = this.form?.hears(data);
    if (put) this.settle(put, data.told[put] || "Put down.");
  }

  get isOpen() {
    return this.claim !== null;
  }

  offer(isWanted) {
    this.button?.remove();
    const { answers } = this.parts;
    if (!isWanted || !this.left.length || !answers.querySelector(".button") || answers.querySelector(".show, .grades")) return;
    const many = this.left.length === 1 ? "a claim" : `${this.left.length} claims`;
    this.button = button(`Think again about ${many}`, "plain", () => this.next());
    answers.append(this.button);
  }

  /** What a key does while a claim is open; undefined if it does nothing. */
  command(key) {
    if (key === "undo" && this.last && (this.isOpen || this.isResting)) return () => this.takeBack();
    if (!this.isOpen) return undefined;
    if (key === "Escape") return () => this.leave();
    const choice = this.claim.wants === "outcome" && CHOICES[Number(key) - 1];
    return choice ? () => this.resolve(choice) : undefined;
  }

  next() {
    const claim = this.left.shift();
    if (claim) this.show(claim);
    else this.leave();
  }

  show(claim) {
    this.claim = claim;
    this.isResting = false;
    const { stage, answers, links } = this.parts;
    const { question } = faces({ front: claim.html, back: "" });
    const source = element("a", { href: claim.href, target: "_blank", rel: "noopener" }, [`${claim.where} ↗`]);
    const lead = element("p", { class: "ui changed", tabindex: "-1" }, [LEADS[claim.wants]]);
    const by = claim.by ? [element("p", { class: "ui by" }, [claim.by])] : [];
    this.form = claim.wants === "outcome" ? null : this.asked(claim);
    stage.replaceChildren(element("p", { class: "ui where" }, [`${claim.title} `, source]), lead, question, ...by, ...(this.form ? [this.form.root] : []));
    stage.scrollTop = 0;
    reach(question);
    links.classList.add("later");
    answers.replaceChildren(this.form ? this.form.actions : this.outcomes());
    lead.focus({ preventScroll: true });
  }

  /** The question how likely a claim is; of one that is asked to be repeated, whether something was learned. */
  asked(claim) {
    const form = new HowLikely((said, note) => this.send({ kind: "believe", card: claim.id, said, note, repeat: this.isRepeat(), occasion: "" }));
    this.learned = element("input", { type: "checkbox" });
    if (claim.wants === "repeat") form.noted.before(element("label", { class: "ui learned" }, [this.learned, LEARNED]));
    form.actions.append(button("Later", "plain", () => this.later()));
    return form;
  }

  isRepeat() {
    return this.claim.wants === "repeat" && !this.learned.checked;
  }

  outcomes() {
    const buttons = CHOICES.map((choice, index) => {
      const made = button(choice.words, "button grade", () => this.resolve(choice));
      made.append(element("small", {}, [choice.means, hint(String(index + 1))]));
      return made;
    });
    return element("div", { class: "grades", role: "group", "aria-label": "Has it turned out?" }, buttons);
  }

  resolve({ outcome, words }) {
    const entry = this.send({ kind: "resolve", card: this.claim.id, outcome, note: "" });
    this.settle(entry, `${words}: put down.`);
  }

  later() {
    this.dealtWith.add(this.claim.id);
    this.next();
  }

  settle(entry, told) {
    const { claim } = this;
    this.dealtWith.add(claim.id);
    this.last = { claim, entry };
    this.form = null;
    this.next();
    this.remark(told, "Undo");
  }

  /** Take back what was said last, and ask its claim again. */
  takeBack() {
    const { claim, entry } = this.last;
    this.last = null;
    this.send(backward({ card: claim.id, entry }));
    if (this.claim) this.left.unshift(this.claim);
    this.dealtWith.delete(claim.id);
    this.remark("Taken back.");
    this.show(claim);
  }

  leave() {
    if (this.claim && !this.dealtWith.has(this.claim.id)) this.left.unshift(this.claim);
    this.claim = null;
    this.form = null;
    this.isResting = true;
    this.close();
  }
}
