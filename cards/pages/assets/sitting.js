// What the desk asks: the cards that are due, as the server sends them, and what has been done in this sitting.
import { backward, forward } from "./deeds.js";
import { History } from "./history.js";
import { add, pending } from "./pending.js";
import { ahead, learn, merge } from "./queue.js";

export class Sitting {
  constructor(host) {
    this.host = host;
    this.name = "";
    this.behind = [];
    this.history = new History("history");
  }

  /** Take in what the server has sent, behind the card in front. */
  take(front, data) {
    this.data = data;
    this.behind = merge(front, this.behind, learn(data.cards, pending()), pending());
  }

  /** An answer to the card in front: what it is, once it is done. */
  answer(card, choice, elapsed) {
    return { kind: "answer", card, rating: choice.rating, name: choice.name, elapsed, at: Date.now() };
  }

  /** Tell the server of a deed. */
  send(deed) {
    deed.answer = add(forward(deed), this.host).id;
    this.history.amended(deed);
  }

  /** Tell the server that a deed is taken back. */
  sendBack(deed) {
    add(backward(deed), this.host);
  }

  /** A card has been answered: it comes back when the server says so. */
  passed() {}

  /** How many answers there are, and how many more the server expects. */
  count(front) {
    const left = Math.max(this.data.left - ahead(this.data.cards, pending()), front ? 1 : 0);
    return [this.history.answers, this.history.answers + left];
  }

  /** What to say when nothing is left to ask. */
  rest(unsaved) {
    const { rest, rounds } = this.data;
    const title = this.history.answers ? "That was the last card for now." : rest.title;
    return { title, sentence: unsaved ? "" : rest.sentence, rounds: unsaved ? [] : rounds, again: false };
  }
}
