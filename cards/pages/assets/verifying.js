// Cards past their shelf life: never asked, but shown with both sides, for the reader to say whether they still hold.
// What is said takes the way of the answers. None of it is a memory, and the last can be taken back.
import { element } from "./element.js";
import { faces, reach } from "./faces.js";
import { hint } from "./grades.js";

const HOLDS = { verdict: "holds", words: "Still true" };
const FAILS = { verdict: "fails", words: "Not any more" };
const LATER = { verdict: "", words: "Later" };

export class Verifying {
  /** Draws into the `parts` of the desk; `say` sends what is said, `close` is called when no card is left. */
  constructor(parts, say, close) {
    Object.assign(this, { parts, say, close, left: [], dealtWith: new Map(), card: null, last: null });
  }

  /** Take in what the server holds back. What the reader has dealt with stays away, and what is in front is there already. */
  update({ verify }) {
    this.left = verify.filter((card) => !this.dealtWith.has(card.id) && card.id !== this.card?.id);
  }

  get isOpen() {
    return this.card !== null;
  }

  /** Offer to look at them, beside whatever the resting desk offers. */
  offer(isWanted) {
    this.button?.remove();
    const { answers } = this.parts;
    if (!isWanted || !this.left.length || !answers.querySelector(".button") || answers.querySelector(".show, .grades")) return;
    const many = this.left.length === 1 ? "a card" : `${this.left.length} cards`;
    this.button = button(`Check ${many} whose facts may have changed`, "plain", () => this.next());
    answers.append(this.button);
  }

  /** What a key does while a card is open; undefined if it does nothing. */
  command(key) {
    if (key === "undo" && this.last && (this.isOpen || this.isResting)) return () => this.takeBack();
    if (!this.isOpen) return undefined;
    if (key === "Escape") return () => this.leave();
    const choice = [HOLDS, FAILS, LATER][Number(key) - 1];
    return choice && (() => this.choose(choice));
  }

  next() {
    const card = this.left.shift();
    if (card) this.show(card);
    else this.leave();
  }

  show(card) {
    this.card = card;
    this.isResting = false;
    const { stage, answers, links } = this.parts;
    const both = faces(card);
    both.answer.hidden = false;
    both.question.hidden = Boolean(card.filled);
    const source = element("a", { href: card.href, target: "_blank", rel: "noopener" }, ["in its place ↗"]);
    const sources = card.sources ? [element("p", { class: "ui" }, [`Sources: ${card.sources}.`])] : [];
    const words = element("p", { class: "ui changed", tabindex: "-1" }, [`Does this still hold? ${card.checked}`]);
    stage.replaceChildren(element("p", { class: "ui where" }, [`${card.title} `, source]), words, both.root, ...sources);
    stage.scrollTop = 0;
    reach(both.question);
    reach(both.answer);
    links.classList.add("later");
    answers.replaceChildren(this.choices());
    words.focus({ preventScroll: true });
  }

  choices() {
    const buttons = [HOLDS, FAILS, LATER].map((choice, index) => {
      const made = button(choice.words, "button grade", () => this.choose(choice));
      made.append(element("small", {}, [MEANS[choice.verdict], hint(String(index + 1))]));
      return made;
    });
    return element("div", { class: "grades", role: "group", "aria-label": "Does it still hold?" }, buttons);
  }

  choose(choice) {
    if (choice === FAILS) this.askWhy();
    else this.settle(choice.verdict, "");
  }

  /** Ask what has changed: it is kept as a note on the card. */
  askWhy() {
    const field = element("textarea", { class: "field", rows: "2", maxlength: "2000", id: "verify-why" });
    const label = element("label", { for: "verify-why" }, ["What has changed? It is kept as your note on the card, which is not asked any more."]);
    const done = () => this.settle(FAILS.verdict, field.value);
    const row = element("div", { class: "row" }, [button("Stop asking it", "button first", done), button("Back", "plain", () => this.show(this.card))]);
    this.parts.answers.replaceChildren(element("div", { class: "verify-why ui" }, [label, field, row]));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.show(this.card);
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    field.focus();
  }

  settle(verdict, note) {
    const { card } = this;
    this.dealtWith.set(card.id, card);
    this.last = verdict ? card : null;
    if (verdict) this.say({ card: card.id, verdict, note });
    this.next();
  }

  /** Take back what was said last, and show its card again. */
  takeBack() {
    const card = this.last;
    this.last = null;
    if (this.card) this.left.unshift(this.card);
    this.dealtWith.delete(card.id);
    this.say({ card: card.id, verdict: "open", note: "" });
    this.show(card);
  }

  leave() {
    if (this.card && !this.dealtWith.has(this.card.id)) this.left.unshift(this.card);
    this.card = null;
    this.isResting = true;
    this.close();
  }
}

const MEANS = { holds: "asked again", fails: "stopped", "": "next time" };

function button(words, look, press) {
  const made = element("button", { type: "button", class: look }, [words]);
  made.addEventListener("click", press);
  return made;
}
