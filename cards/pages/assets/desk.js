// The rules of the desk: what is asked, what a press does, and what is sent. The reader never waits for the server.
import { DeskView } from "./desk_view.js";
import { choiceFor, isTooSoon, offered } from "./grades.js";
import { isHeld, pressed } from "./keys.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";
import { ahead, merge } from "./queue.js";
import { answered, done, takeBack } from "./sitting.js";
import { Verifying } from "./verifying.js";

const READY = 2; // cards made ready behind the one in front
const SAID = 2500; // how long a remark stays
const LATER = 60; // some frames
const STALE = 5 * 60 * 1000; // after this long out of sight the queue is asked for again

export class Desk {
  constructor(host) {
    this.host = host;
    this.front = null;
    this.behind = [];
    this.shownAt = 0;
    this.revealedAt = null;
    this.leaving = false;
    this.two = null; // whether the reader grades with two buttons; the server says so once, then this desk knows better
    this.view = new DeskView(host, {
      reveal: (event) => this.reveal(event),
      grade: (choice, event) => this.grade(choice, event),
      undo: () => this.undo(),
      stop: () => this.stop(),
      why: () => this.why(),
      swap: () => this.swap(),
    });
    this.verifying = new Verifying(this.view.parts, (said) => add({ kind: "verify", ...said }, this.host), () => this.checked());
    this.stopListening = [
      onPending(() => this.report()),
      listen(document, "keydown", (event) => this.key(event)),
      listen(document, "visibilitychange", () => this.wake()),
    ];
  }

  /** Take in what the server has sent. The card in front stays, whatever it says. */
  update(component) {
    this.component = component;
    this.data = component.data;
    this.two ??= this.data.two_grades;
    this.updatedAt = Date.now();
    attach(this.host, component);
    this.verifying.update(this.data.verify);
    this.behind = merge(this.front, this.behind, this.data.cards, pending());
    if (!this.front && !this.verifying.isOpen) this.next();
    this.prepare();
    this.report();
    clearTimeout(this.timer);
    if (this.data.wake !== null) this.timer = setTimeout(() => this.refresh(), this.data.wake);
  }

  close() {
    clearTimeout(this.timer);
    for (const stop of this.stopListening) stop();
    detach(this.host);
  }

  key(event) {
    if (isHeld(event)) return event.preventDefault();
    const key = pressed(event);
    const command = this.command(key, event);
    if (!command) return;
    event.preventDefault();
    command();
  }

  command(key, event) {
    const verdict = !this.front && this.verifying.command(key);
    if (verdict) return verdict;
    const choice = this.revealedAt !== null && choiceFor(key, this.choices());
    if (choice) return () => this.grade(choice, event);
    if (this.front && this.revealedAt === null && (key === " " || key === "Enter")) return () => this.reveal();
    if (this.front && key === "e") return () => window.open(this.front.href, "_blank", "noopener");
    if (this.revealedAt !== null && key === "?") return () => this.why();
    if (key === "z") return () => this.undo();
    if (key === "Escape") return () => (this.view.explaining ? this.why() : this.stop());
    return null;
  }

  reveal() {
    if (!this.front || this.revealedAt !== null) return;
    this.view.answer(this.choices());
    this.revealedAt = performance.now();
  }

  grade(choice, event) {
    if (!this.front || this.revealedAt === null || isTooSoon(event, this.revealedAt)) return;
    const card = this.front;
    this.leaving = false;
    const elapsed = Math.round(performance.now() - this.shownAt);
    this.next();
    const answer = add({ kind: "answer", card: card.id, rating: choice.rating, elapsed }, this.host);
    answered(answer.id, card);
    this.prepareSoon();
    this.report();
  }

  /** Take back the newest answer, and show its card with the answer open: it was the grade that was wrong. */
  undo() {
    const verdict = !this.front && this.verifying.command("z");
    if (verdict) return verdict();
    const last = takeBack();
    if (!last) {
      this.view.saving("There is nothing to undo");
      setTimeout(() => this.report(), SAID);
      return;
    }
    if (this.front) this.behind.unshift({ ...this.front, pushed: true });
    this.behind = this.behind.filter((card) => card.id !== last.card.id);
    this.show(last.card);
    this.reveal();
    add({ kind: "undo", card: last.card.id, answer: last.answer }, this.host);
    this.prepareSoon();
    this.report();
  }

  /** Leave, once everything is saved. */
  stop() {
    this.leaving = true;
    this.report();
  }

  choices() {
    return offered(this.front.choices, this.two);
  }

  /** Grade with two buttons, or with four again. */
  swap() {
    this.two = !this.two;
    this.view.offer(this.choices());
    this.view.read();
    this.component.setTriggerValue("two_grades", this.two);
  }

  why() {
    this.view.explain(this.view.explaining ? "" : this.front.why);
    this.view.read();
  }

  next() {
    this.show(this.behind.shift() ?? null);
  }

  show(card) {
    this.front = card;
    this.revealedAt = null;
    this.shownAt = performance.now();
    if (card) this.view.ask(card);
  }

  prepare() {
    this.view.prepare(this.behind.slice(0, READY));
  }

  // Not in the frame that shows the card in front, so as not to hold that up.
  prepareSoon() {
    setTimeout(() => this.prepare(), LATER);
  }

  /** Bring all that is said about the queue up to date. */
  report() {
    if (!this.data) return;
    const unsaved = pending();
    const left = Math.max(this.data.left - ahead(unsaved), this.front ? 1 : 0);
    this.view.count(done(), done() + left);
    this.view.saving(isSlow() ? problem() || "Not saved yet" : this.leaving && unsaved.length ? "Saving" : "");
    if (!this.front) this.rest(unsaved);
    if (this.leaving && !unsaved.length) {
      this.leaving = false;
      this.component.setTriggerValue("go", "/");
    }
  }

  /** Go on once no card is left whose facts were to be checked. */
  checked() {
    this.view.resting = null;
    this.next();
    this.report();
  }

  rest(unsaved) {
    if (this.verifying.isOpen) return;
    const title = done() ? "That was the last card for now." : this.data.rest.title;
    this.view.rest(title, unsaved.length ? "" : this.data.rest.sentence);
    this.verifying.offer();
  }

  wake() {
    if (document.visibilityState === "visible" && Date.now() - this.updatedAt > STALE) this.refresh();
  }

  refresh() {
    this.component.setTriggerValue("refresh", Date.now());
  }
}

function listen(target, name, handler) {
  target.addEventListener(name, handler);
  return () => target.removeEventListener(name, handler);
}
