// The place component: one card where it stands in the prose. What is done to it takes the same way as on the desk.
import { arrive } from "./arrive.js";
import { cardMenu } from "./card_menu.js";
import { changed } from "./changed.js";
import { backward, facts, forward, inverse, told, toldBack } from "./deeds.js";
import { element } from "./element.js";
import { reasons } from "./explain.js";
import { faces, reach, reveal } from "./faces.js";
import { FOLLOWS, choiceFor, grades, hint, isTooSoon, offered } from "./grades.js";
import { asAsked, left, sameQuestion } from "./guessing.js";
import { History } from "./history.js";
import { pressed } from "./keys.js";
import { Menu } from "./menu.js";
import { mounted } from "./mounted.js";
import { Note } from "./note.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";
import { learn } from "./queue.js";

export const { mount, unmount } = mounted(".place", (host) => new Place(host));

class Place {
  constructor(host) {
    this.host = host;
    this.history = new History();
    this.acts = {
      mark: () => this.toggle("mark", "marked"),
      suspend: () => this.toggle("suspend", "suspended"),
      bury: () => this.toggle("bury", "buried"),
      keep: () => this.toggle("keep", "kept"),
      note: () => this.write(),
      why: () => this.explain(),
    };
    this.tag = element("span");
    this.menu = new Menu(element("button", { type: "button", class: "plain", "aria-label": "This card: what you can do" }, ["Card"]), "This card", () => cardMenu(this.faces.card, this.acts));
    this.body = element("div");
    this.note = new Note((text, began) => this.noted(text, began));
    this.why = element("div", { class: "ui why", role: "region", "aria-label": "Why these dates", tabindex: "0", hidden: "" });
    this.foot = element("div", { class: "foot" });
    this.remark = element("p", { class: "ui remark", role: "status" });
    this.unsaved = element("p", { class: "ui unsaved", role: "status" });
    host.replaceChildren(element("div", { class: "ui standing" }, [this.tag, this.menu.root]), this.body, this.note.root, this.why, this.foot, this.remark, this.unsaved);
    host.setAttribute("role", "group");
    host.addEventListener("keydown", (event) => this.key(event));
    host.addEventListener("submit", (event) => (event.preventDefault(), this.reveal()));
    const leave = () => this.note.flush();
    addEventListener("pagehide", leave);
    const stop = onPending(() => this.report());
    this.stopListening = () => (removeEventListener("pagehide", leave), stop());
  }

  update(component) {
    this.component = component;
    const { standing } = component.data;
    const [card] = learn([component.data.card], pending());
    attach(this.host, component, card.id);
    this.host.setAttribute("aria-label", `Card: ${standing}`);
    this.tag.replaceChildren(element("span", { class: "tag" }, ["Remember"]), ` · ${standing}`);
    if (!this.faces || !sameQuestion(this.faces.card, card, this.revealedAt !== null)) this.ask(card);
    else this.faces.card = asAsked(this.faces.card, card);
    this.faces.guess?.about(this.faces.card);
    if (this.revealedAt !== null && !this.note.isOpen) this.note.show(card.note);
    if (!this.host.id) arrive(this.host, card.id);
    this.report();
  }

  close() {
    this.note.flush();
    this.menu.close();
    this.stopListening();
    detach(this.host);
  }

  ask(card) {
    this.faces = faces(card);
    this.answer = null;
    this.revealedAt = null;
    this.body.replaceChildren(...changed(card), this.faces.root);
    reach(this.faces.question);
    const show = card.quiz ? this.button("Commit", () => this.reveal(), "button first", "↵") : this.button("Show answer", () => this.reveal(), "button", "Space");
    const pass = card.quiz ? [this.button("I don’t know", () => this.pass(), "button")] : [];
    this.foot.replaceChildren(element("div", { class: "ways" }, [show, ...pass]));
    if (card.said !== undefined) this.reveal();
  }

  pass() {
    this.faces.guess.commit(null);
    this.reveal();
  }

  reveal() {
    const { card, guess } = this.faces;
    if (this.revealedAt !== null || (guess && card.said === undefined && !guess.take())) return;
    this.revealedAt = performance.now();
    reveal(this.faces);
    if (!this.note.isOpen) this.note.show(this.faces.card.note);
    this.offer();
    this.faces.answer.focus({ preventScroll: true });
  }

  /** Offer the grades of a card that is new or due. One that is neither may be looked at; looking changes no date. */
  offer() {
    const choices = this.choices();
    const { suspended } = this.faces.card;
    this.faces.guess?.follow(choices[0], this.component.data.two_grades);
    if (choices.length) this.foot.replaceChildren(grades(choices, (choice, event) => this.grade(choice, event), this.faces.guess ? FOLLOWS : {}));
    else this.say(this.component.data.closed || (suspended ? "It is suspended. Looking changes nothing." : "It is not due yet. Looking does not change its date."));
  }

  grade(choice, event) {
    if (this.revealedAt === null || this.answer || isTooSoon(event, this.revealedAt)) return;
    const elapsed = Math.round(performance.now() - this.revealedAt);
    const card = this.faces.card; // once the server has saved the answer, it offers no grades
    this.answer = { kind: "answer", card, rating: choice.rating, name: choice.name, again: choice.again, elapsed, at: Date.now(), two: this.component.data.two_grades };
    this.history.did(this.answer);
    this.graded();
    this.send(this.answer);
  }

  graded() {
    this.say(`You will see it again ${this.answer.again}.`, this.button("Undo", () => this.undo(), "plain", "Z"));
  }

  choices() {
    const { card } = this.faces;
    const { two_grades: two } = this.component.data;
    const choices = offered(card.choices, two);
    return card.quiz && card.said !== undefined ? left(card, choices, two) : choices;
  }

  toggle(kind, name) {
    const { card } = this.faces;
    this.did({ kind, card, cards: [card.id], on: !card[name] });
  }

  did(deed) {
    this.history.did(deed);
    this.change(deed);
    this.send(deed);
    this.tell(told(deed), this.button("Undo", () => this.undo(), "plain", "Z"));
  }

  undo() {
    this.note.close();
    const deed = this.history.back();
    if (!deed) return;
    if (deed.kind === "answer") {
      this.answer = null;
      this.faces.card = deed.card;
      this.revealedAt = performance.now();
      this.offer();
      this.faces.answer.focus({ preventScroll: true });
    } else this.change(inverse(deed));
    add(backward(deed), this.host);
    this.tell(deed.kind === "answer" ? "" : toldBack(deed));
  }

  redo() {
    this.note.close();
    const deed = this.history.forth();
    if (!deed) return;
    if (deed.kind === "answer") {
      this.answer = deed;
      this.graded();
    } else this.change(deed);
    this.send(deed);
    this.tell(deed.kind === "answer" ? "" : told(deed));
  }

  send(deed) {
    deed.answer = add(forward(deed), this.host).id;
  }

  change(deed) {
    Object.assign(this.faces.card, facts(deed));
    if (deed.kind === "note" && !this.note.isOpen) this.note.show(deed.text);
  }

  write() {
    if (!this.note.isOpen) this.note.show(this.faces.card.note, () => this.host.focus());
    this.note.edit();
  }

  noted(text, began) {
    const { card } = this.faces;
    const { newest, canRedo } = this.history;
    const goesOn = newest?.began === began && !canRedo;
    const deed = goesOn ? Object.assign(newest, { text }) : { kind: "note", card, cards: [card.id], before: card.note, text, began };
    if (!goesOn) this.history.did(deed);
    this.change(deed);
    this.send(deed);
  }

  explain() {
    const { card } = this.faces;
    const all = card.why.grades.map(({ rating, name }) => ({ rating, name }));
    this.why.replaceChildren(...reasons(card.why, this.choices().length ? this.choices() : all));
    this.why.hidden = false;
    this.why.focus({ preventScroll: true });
  }

  say(sentence, ...controls) {
    const words = element("p", { class: "ui said", tabindex: "-1" }, [sentence, " ", ...controls]);
    this.foot.replaceChildren(words);
    words.focus({ preventScroll: true });
  }

  /** Say what has just been done. */
  tell(sentence, ...controls) {
    this.remark.replaceChildren(sentence, " ", ...controls);
  }

  // Only presses inside the card count: the page around it is for reading.
  key(event) {
    const key = pressed(event);
    const choice = this.revealedAt !== null && !this.answer && this.chosen(key);
    if (choice) this.grade(choice, event);
    else if (key === "undo" && this.history.newest) this.undo();
    else if (key === "redo" && this.history.canRedo) this.redo();
    else if (key === "Escape" && !this.why.hidden) this.leaveWhy();
    else return;
    event.preventDefault();
  }

  /** The choice that a key stands for; of a guess there is one, which is only confirmed. */
  chosen(key) {
    const choices = this.choices();
    if (!this.faces.guess) return choiceFor(key, choices);
    return key === " " || key === "Enter" ? choices[0] : undefined;
  }

  leaveWhy() {
    this.why.hidden = true;
    this.menu.button.focus();
  }

  report() {
    const id = this.faces?.card.id; // what is on its way for a whole section is told at the section's end
    const mine = pending().some(({ card, cards }) => card === id || (cards?.length === 1 && cards[0] === id));
    const sentence = mine && isSlow() ? problem() || "Not saved yet" : "";
    if (this.unsaved.textContent !== sentence) this.unsaved.textContent = sentence;
  }

  button(words, press, look, key) {
    const made = element("button", { type: "button", class: look }, [words, ...(key ? [hint(key)] : [])]);
    made.addEventListener("click", press);
    return made;
  }
}
