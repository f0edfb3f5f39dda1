// The rules of the desk: what is asked, what a press does, and what is sent. The reader never waits for the server.
import { Believing } from "./believing.js";
import { Besides } from "./besides.js";
import { cardMenu } from "./card_menu.js";
import { DeskView } from "./desk_view.js";
import { Doing } from "./doing.js";
import { choiceFor, isTooSoon, offered } from "./grades.js";
import { left } from "./guessing.js";
import { isHeld, pressed } from "./keys.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";
import { Round } from "./round.js";
import { Sitting } from "./sitting.js";
import { Swipe } from "./swipe.js";
import { Verifying } from "./verifying.js";

const READY = 2; // cards made ready behind the one in front
const LATER = 60; // some frames
const STALE = 5 * 60 * 1000; // after this long out of sight the queue is asked for again
const [FORGOT, GOOD] = [1, 3]; // what a swipe to the left and to the right says

export class Desk {
  constructor(host) {
    this.host = host;
    this.front = null;
    this.shownAt = 0;
    this.revealedAt = null;
    this.leaving = null;
    this.two = null; // whether the reader grades with two buttons; the server says so once, then this desk knows better
    const commands = {
      reveal: (event) => this.reveal(event),
      pass: () => this.pass(),
      grade: (choice, event) => this.grade(choice, event),
      undo: () => this.undo(),
      redo: () => this.doing.redo(),
      stop: () => this.stop(),
      why: () => this.explain(this.front?.why),
      keys: () => this.explain("keys"),
      swap: () => this.swap(),
      noted: (text, began) => this.doing.note(this.front, text, began),
    };
    this.view = new DeskView(host, commands, () => this.menu());
    this.doing = new Doing(this);
    this.acts = {
      mark: () => this.doing.toggle("mark", "marked"),
      suspend: () => this.doing.toggle("suspend", "suspended"),
      bury: () => this.doing.toggle("bury", "buried"),
      keep: () => this.doing.toggle("keep", "kept"),
      drop: () => this.doing.drop(this.data.sections[this.front.section]),
      note: () => this.view.writeNote(this.front.note),
      why: commands.why,
      keys: commands.keys,
      open: () => window.open(this.front.href, "_blank", "noopener"),
    };
    new Swipe(this.view.parts.stage, {
      sides: () => this.sides(),
      tapped: (event) => this.reveal(event),
      swiped: (choice, event) => this.grade(choice, event),
    });
    const { parts } = this.view;
    this.besides = new Besides([
      new Verifying(parts, (said) => add({ kind: "verify", ...said }, this.host), () => this.checked()),
      new Believing(parts, (operation) => add(operation, this.host).id, () => this.checked(), (told, way) => this.view.remark(told, way && { words: way, press: () => this.undo() })),
    ]);
    this.stopListening = [
      onPending(() => this.report()),
      listen(document, "keydown", (event) => this.key(event)),
      listen(document, "visibilitychange", () => this.wake()),
      listen(window, "pagehide", () => this.view.note.flush()),
    ];
  }

  /** Take in what the server has sent. The card in front stays, whatever it says. */
  update(component) {
    this.component = component;
    this.data = component.data;
    this.two ??= this.data.two_grades;
    this.updatedAt = Date.now();
    attach(this.host, component);
    if (!this.queue || (this.data.round !== undefined && this.queue.name !== (this.data.round?.name ?? ""))) this.begin(this.data.round);
    this.view.notice(this.data.notice, Boolean(this.data.round));
    this.besides.update(this.data);
    this.queue.take(this.front, this.data);
    if (!this.front && !this.besides.isOpen) this.next();
    this.prepare();
    this.report();
    clearTimeout(this.timer);
    if (this.data.wake !== null) this.timer = setTimeout(() => this.refresh(), this.data.wake);
  }

  /** Begin to ask what is due, or a round that touches no date. */
  begin(round) {
    this.view.note.close();
    this.queue = round ? new Round(this.host, round) : new Sitting(this.host);
    this.front = null;
  }

  close() {
    clearTimeout(this.timer);
    this.view.note.flush();
    for (const stop of this.stopListening) stop();
    detach(this.host);
  }

  key(event) {
    if (isHeld(event)) return event.preventDefault();
    const key = pressed(event);
    if (this.isGuessed() && /^[-\d]$/.test(key)) return this.view.faces.guess.focus(); // which then receives it
    const command = this.command(key, event);
    if (!command) return;
    event.preventDefault();
    this.view.menu.close();
    command();
  }

  command(key, event) {
    const verdict = !this.front && this.besides.command(key);
    if (verdict) return verdict;
    if (this.front?.quiz && this.revealedAt !== null) {
      if (key === " " || key === "Enter") return () => this.grade(this.choices()[0], event);
      if (/^[1-4]$/.test(key)) return () => this.view.remark("The grade follows from your guess. Space goes on with it.");
    }
    const choice = this.revealedAt !== null && choiceFor(key, this.choices());
    if (choice) return () => this.grade(choice, event);
    if (this.front && this.revealedAt === null && (key === " " || key === "Enter")) return () => this.reveal();
    if (key === "undo") return () => this.undo();
    if (key === "redo") return () => this.doing.redo();
    if (key === "?") return () => this.explain("keys");
    if (key === "Escape") return () => (this.view.explained ? this.explain(null) : this.stop());
    if (!this.front || !key) return null;
    if (key === ".") return () => this.view.menu.open();
    return this.menu().find((item) => item.key.toLowerCase() === (key === "*" ? "m" : key))?.press ?? null;
  }

  menu() {
    return cardMenu(this.front, this.acts, this.data.sections[this.front.section]);
  }

  reveal() {
    if (!this.front || this.revealedAt !== null) return;
    if (this.isGuessed() && !this.view.faces.guess.take()) return;
    this.view.answer(this.choices(), this.front.note, this.isTwo);
    this.revealedAt = performance.now();
  }

  /** Show the answer to who has no guess. */
  pass() {
    if (!this.isGuessed()) return;
    this.view.faces.guess.commit(null);
    this.reveal();
  }

  /** Whether a guess is still to be made. */
  isGuessed() {
    return Boolean(this.front?.quiz) && this.revealedAt === null && this.front.said === undefined;
  }

  grade(choice, event) {
    if (!this.front || this.revealedAt === null || isTooSoon(event, this.revealedAt)) return;
    const elapsed = Math.round(performance.now() - this.shownAt);
    this.view.note.close();
    const deed = Object.assign(this.queue.answer(this.front, choice, elapsed), { two: this.isTwo });
    this.leaving = null;
    this.queue.passed(deed);
    this.next();
    this.doing.answered(deed, choice);
    this.prepareSoon();
    this.report();
  }

  /** Leave, once everything is saved. */
  stop() {
    this.go(this.data.round?.back ?? "/");
  }

  go(path, query = "") {
    this.view.note.flush();
    this.leaving = { path, query };
    this.report();
  }

  get isTwo() {
    return this.data.round ? true : this.two;
  }

  choices() {
    const choices = offered(this.front.choices, this.isTwo);
    return this.front.quiz ? left(this.front, choices, this.isTwo) : choices;
  }

  /** What a swipe to either side says, while there is something to grade. */
  sides() {
    if (!this.front || this.revealedAt === null || this.front.quiz) return null;
    const of = (rating) => this.choices().find((choice) => choice.rating === rating);
    return { left: of(FORGOT), right: of(GOOD) };
  }

  /** Grade with two buttons, or with four again. */
  swap() {
    this.two = !this.two;
    this.view.offer(this.choices(), this.isTwo);
    this.view.read();
    this.component.setTriggerValue("two_grades", this.two);
  }

  /** Show something, or put away what is shown. */
  explain(what) {
    const shown = what && this.view.explained !== what ? what : null;
    this.view.explain(shown, shown && shown !== "keys" ? this.choices() : []);
    this.view.read();
  }

  next() {
    this.show(this.queue.behind.shift() ?? null);
  }

  show(card) {
    this.view.note.close();
    this.front = card;
    this.revealedAt = null;
    this.shownAt = performance.now();
    if (card) this.view.ask(card);
    if (card && card.said !== undefined) this.reveal();
  }

  prepare() {
    this.view.prepare(this.queue.behind.slice(0, READY));
  }

  // Not in the frame that shows the card in front, so as not to hold that up.
  prepareSoon() {
    setTimeout(() => this.prepare(), LATER);
  }

  /** Bring all that is said about the queue up to date. */
  report() {
    if (!this.queue) return;
    const unsaved = pending();
    const [done, total] = this.queue.count(this.front);
    this.view.count(done, total, this.queue.history.canRedo);
    this.view.saving(isSlow() ? problem() || "Not saved yet" : this.leaving && unsaved.length ? "Saving" : "");
    if (!this.front) this.rest(unsaved.length);
    if (this.leaving && !unsaved.length) {
      const { leaving } = this;
      this.leaving = null;
      this.component.setTriggerValue("go", leaving);
    }
  }

  /** Take back what was done last: a verdict while nothing is asked, else whatever was done to a card. */
  undo() {
    const verdict = !this.front && this.besides.command("undo");
    if (verdict) verdict();
    else this.doing.undo();
  }

  /** Go on once nothing is left of what was offered beside the cards. */
  checked() {
    this.view.resting = null;
    this.next();
    this.report();
  }

  rest(unsaved) {
    if (this.besides.isOpen) return;
    const { title, sentence, rounds, again } = this.queue.rest(unsaved);
    const ways = [{ words: this.data.round && this.data.round.back !== "/" ? "Back to the section" : "Back to the book", press: () => this.stop() }];
    if (again) ways.push({ words: "Once more", press: () => this.again() });
    for (const { name, title: words, cards } of rounds) ways.push({ words: `${words} · ${cards}`, press: () => this.go("/review", `?cram=${name}`) });
    if (this.data.round) ways.push({ words: "What is due", press: () => this.go("/review") });
    this.view.rest(title, sentence, ways);
    this.besides.offer();
  }

  again() {
    this.queue.begin();
    this.next();
    this.prepareSoon();
    this.report();
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
