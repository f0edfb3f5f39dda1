// The place component: one card where it stands in the prose. Its answers take the same way as the desk's.
import { changed } from "./changed.js";
import { element } from "./element.js";
import { faces, reach, reveal } from "./faces.js";
import { choiceFor, grades, hint, isTooSoon, offered } from "./grades.js";
import { pressed } from "./keys.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";

const places = new WeakMap();

export function mount(component) {
  const host = component.parentElement.querySelector(".place");
  if (!host) return;
  if (!places.has(host)) places.set(host, new Place(host));
  places.get(host).update(component);
}

export function unmount(component) {
  const host = component.parentElement.querySelector(".place");
  places.get(host)?.close();
  places.delete(host);
}

class Place {
  constructor(host) {
    this.host = host;
    this.tag = element("p", { class: "ui standing" });
    this.body = element("div");
    this.foot = element("div", { class: "foot" });
    this.unsaved = element("p", { class: "ui unsaved", role: "status" });
    host.replaceChildren(this.tag, this.body, this.foot, this.unsaved);
    host.setAttribute("role", "group");
    host.addEventListener("keydown", (event) => this.key(event));
    this.stopListening = onPending(() => this.report());
  }

  update(component) {
    this.component = component;
    const { card, standing } = component.data;
    attach(this.host, component, card.id);
    this.host.setAttribute("aria-label", `Card: ${standing}`);
    this.tag.replaceChildren(element("span", { class: "tag" }, ["Remember"]), ` · ${standing}`);
    if (!this.faces || this.faces.card.front !== card.front || this.faces.card.back !== card.back) this.ask(card);
    else this.faces.card = card;
    if (!this.host.id) this.arrive(card.id);
    this.report();
  }

  close() {
    this.stopListening();
    detach(this.host);
  }

  ask(card) {
    this.faces = faces(card);
    this.answer = null;
    this.revealedAt = null;
    this.body.replaceChildren(...changed(card), this.faces.root);
    reach(this.faces.question);
    this.foot.replaceChildren(this.button("Show answer", () => this.reveal(), "button", "Space"));
  }

  reveal() {
    this.revealedAt = performance.now();
    reveal(this.faces);
    this.offer();
    this.faces.answer.focus({ preventScroll: true });
  }

  /** Offer the grades of a card that is new or due. One that is neither may be looked at; looking changes no date. */
  offer() {
    const choices = this.choices();
    if (choices.length) this.foot.replaceChildren(grades(choices, (choice, event) => this.grade(choice, event)));
    else this.say(this.component.data.closed || "It is not due yet. Looking does not change its date.");
  }

  grade(choice, event) {
    if (this.revealedAt === null || this.answer || isTooSoon(event, this.revealedAt)) return;
    const elapsed = Math.round(performance.now() - this.revealedAt);
    this.before = this.faces.card; // once the server has saved the answer, it offers no grades
    this.say(`You will see it again ${choice.again}.`, this.button("Undo", () => this.undo(), "plain", "Z"));
    this.answer = add({ kind: "answer", card: this.faces.card.id, rating: choice.rating, elapsed }, this.host).id;
  }

  choices() {
    return offered(this.faces.card.choices, this.component.data.two_grades);
  }

  undo() {
    const { answer } = this;
    this.answer = null;
    this.faces.card = this.before;
    this.revealedAt = performance.now();
    this.offer();
    this.faces.answer.focus({ preventScroll: true });
    add({ kind: "undo", card: this.before.id, answer }, this.host);
  }

  say(sentence, ...controls) {
    const words = element("p", { class: "ui said", tabindex: "-1" }, [sentence, " ", ...controls]);
    this.foot.replaceChildren(words);
    words.focus({ preventScroll: true });
  }

  // Only presses inside the card count: the page around it is for reading.
  key(event) {
    const key = pressed(event);
    const choice = this.revealedAt !== null && !this.answer && choiceFor(key, this.choices());
    if (choice) this.grade(choice, event);
    else if (key === "z" && this.answer) this.undo();
    else return;
    event.preventDefault();
  }

  report() {
    const mine = pending().some((operation) => operation.card === this.faces?.card.id);
    const sentence = mine && isSlow() ? problem() || "Not saved yet" : "";
    if (this.unsaved.textContent !== sentence) this.unsaved.textContent = sentence;
  }

  // The address of a page may name a card, which arrives after the page has.
  arrive(id) {
    this.host.id = `card-${id}`;
    this.host.tabIndex = -1;
    if (decodeURIComponent(location.hash) !== `#${this.host.id}`) return;
    requestAnimationFrame(() => {
      this.host.scrollIntoView({ block: "center" });
      this.host.focus({ preventScroll: true });
    });
  }

  button(words, press, look, key) {
    const made = element("button", { type: "button", class: look }, [words, hint(key)]);
    made.addEventListener("click", press);
    return made;
  }
}
