// What the reader does to cards on the desk, and takes back, and does again, in the order in which it was done.
import { facts, inverse, putsAway, told, toldAgain, toldBack } from "./deeds.js";
import { Leech } from "./leech.js";

const SAID = 2500; // how long it is said that there is nothing to undo

export class Doing {
  constructor(desk) {
    this.desk = desk;
    this.leech = new Leech(desk.view.parts.leech, {
      note: (card, text, began) => this.note(card, text, began),
      suspend: (card) => this.do({ kind: "suspend", card, cards: [card.id], on: true }),
      pass: (card) => this.do({ kind: "leech", card, cards: [card.id], before: card.passed, lapses: card.lapses + 1 }),
    });
  }

  get history() {
    return this.desk.queue.history;
  }

  /** The card that was in front has been answered, and the next is shown. */
  answered(deed, choice) {
    this.history.did(deed);
    this.desk.queue.send(deed);
    this.desk.view.remark("");
    if (choice.leech) this.leech.offer(deed.card, deed.card.lapses + 1);
  }

  /** Decide something about the card in front, or take that decision back. */
  toggle(kind, name) {
    const card = this.desk.front;
    this.do({ kind, card, cards: [card.id], on: !card[name] });
  }

  /** Take all kept cards of a section out of review. */
  drop({ title, cards }) {
    this.do({ kind: "keep", card: this.desk.front, cards, on: false, title });
  }

  /** Keep what the reader writes on a card. All that is written from opening the note to closing it is one step. */
  note(card, text, began) {
    const { newest, canRedo } = this.history;
    const goesOn = newest?.began === began && newest.card.id === card.id && !canRedo;
    const deed = goesOn ? Object.assign(newest, { text }) : { kind: "note", card: { ...card }, cards: [card.id], before: card.note, text, began };
    this.change(deed);
    if (!goesOn) this.history.did(deed);
    this.desk.queue.send(deed);
    this.desk.report();
  }

  do(deed) {
    const { desk } = this;
    desk.view.note.close();
    deed.wasFront = desk.front?.id === deed.card.id;
    deed.wasRevealed = desk.revealedAt !== null;
    this.change(deed);
    this.putAway(deed);
    this.history.did(deed);
    desk.queue.send(deed);
    this.after(told(deed), { words: "Undo", press: () => this.undo() });
  }

  /** Take back what was done last. The card of an answer is shown with the answer open: it was the grade that was wrong. */
  undo() {
    const { desk } = this;
    desk.view.note.close();
    const deed = this.history.back();
    if (!deed) return this.nothing("There is nothing to undo");
    this.leech.close(deed.card.id);
    if (deed.kind === "answer") this.bringBack(deed.card, true);
    else {
      this.change(inverse(deed));
      if (putsAway(deed).length) this.takeOut(deed);
    }
    desk.queue.sendBack(deed);
    this.after(toldBack(deed));
  }

  /** Do again what was taken back last. An answer is the same answer, given when it was given first. */
  redo() {
    const { desk } = this;
    desk.view.note.close();
    const deed = this.history.forth();
    if (!deed) return this.nothing("There is nothing to do again");
    if (deed.kind === "answer") {
      desk.queue.behind = desk.queue.behind.filter((card) => card.id !== deed.card.id);
      desk.queue.passed(deed);
      if (desk.front?.id === deed.card.id) desk.next();
    } else {
      this.change(deed);
      this.putAway(deed);
    }
    desk.queue.send(deed);
    this.after(toldAgain(deed));
  }

  after(sentence, way) {
    const { desk } = this;
    desk.view.remark(sentence, way);
    desk.view.read();
    desk.prepareSoon();
    desk.report();
  }

  nothing(sentence) {
    this.desk.view.remark(sentence);
    setTimeout(() => this.desk.view.remark(""), SAID);
  }

  /** Bring the cards at hand up to date with a decision about them. */
  change(deed) {
    const { front, queue, view } = this.desk;
    const changed = facts(deed);
    for (const card of [deed.card, front, ...queue.behind]) if (card && deed.cards.includes(card.id)) Object.assign(card, changed);
    if (!front || !deed.cards.includes(front.id)) return;
    if ("marked" in changed) view.mark(front.marked);
    if ("note" in changed && !view.note.isOpen) view.showNote(this.desk.revealedAt === null ? "" : front.note);
  }

  putAway(deed) {
    const cards = putsAway(deed);
    if (cards.length) deed.took = this.leave(cards);
  }

  /** Take cards out of the queue, and the one in front off the desk; returns those from behind it. */
  leave(ids) {
    const { desk } = this;
    const { queue } = desk;
    const took = queue.behind.filter((card) => ids.includes(card.id) && card.id !== desk.front?.id);
    queue.behind = queue.behind.filter((card) => !took.includes(card));
    if (desk.front && ids.includes(desk.front.id)) desk.next();
    return took;
  }

  takeOut(deed) {
    const { queue } = this.desk;
    const known = new Set(queue.behind.map((card) => card.id));
    queue.behind.unshift(...(deed.took ?? []).filter((card) => !known.has(card.id)));
    if (deed.wasFront) this.bringBack(deed.card, deed.wasRevealed);
  }

  bringBack(card, isRevealed) {
    const { desk } = this;
    if (desk.front && desk.front.id !== card.id) desk.queue.behind.unshift({ ...desk.front, pushed: true });
    desk.queue.behind = desk.queue.behind.filter((other) => other.id !== card.id);
    desk.show(card);
    if (isRevealed) desk.reveal();
  }
}
