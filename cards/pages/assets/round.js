// What the desk asks in a round that touches no date: its cards once, and those that were forgotten again, until all were known.
// No answer is sent. What is decided about a card, or written on it, is.
import { backward, forward } from "./deeds.js";
import { History } from "./history.js";
import { add, pending } from "./pending.js";
import { learn } from "./queue.js";

const FORGOT = 1;
const afresh = (card) => ({ ...card, said: undefined }); // a guess was for once

export class Round {
  constructor(host, { name }) {
    this.host = host;
    this.name = name;
    this.behind = [];
    this.history = new History();
    this.cards = null;
  }

  /** Take in what the server has sent: the cards, once; after that the round is the reader's. */
  take(front, data) {
    this.data = data;
    if (this.cards) return;
    this.cards = learn(data.cards, pending());
    this.behind = [...data.cards];
  }

  /** Begin again. */
  begin() {
    this.history = new History();
    this.behind = this.cards.map(afresh);
  }

  answer(card, choice) {
    return { kind: "answer", card, rating: choice.rating, name: choice.name };
  }

  send(deed) {
    if (deed.kind !== "answer") add(forward(deed), this.host);
  }

  sendBack(deed) {
    if (deed.kind !== "answer") add(backward(deed), this.host);
  }

  /** A card has been answered: one that was forgotten is asked once more at the end. */
  passed({ card, rating }) {
    if (rating === FORGOT) this.behind.push(afresh(card));
  }

  count(front) {
    const left = this.behind.length + (front ? 1 : 0);
    return [Math.max(0, this.data.left - left), this.data.left];
  }

  rest() {
    const { rest, left, round } = this.data;
    if (!left) return { ...rest, rounds: [], again: false };
    const title = round.next ? "That was this part of the round." : "That was the whole round.";
    return { title, sentence: "Nothing was scheduled, and no answer was kept.", rounds: round.next ? [round.next] : [], again: true };
  }
}
