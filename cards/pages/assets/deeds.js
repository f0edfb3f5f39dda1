// What a reader can do to a card, as plain data: what is sent to do it, what is sent to take it back, and how both are told.
//
//   { kind: "answer", card, rating, name, elapsed, at, two, answer }  answer: the id it was sent with
//   { kind: "suspend" | "bury" | "mark", card, cards, on }
//   { kind: "keep", card, cards, on, title }                        title: of the section, where it is a whole one
//   { kind: "note", card, cards, before, text }
//   { kind: "leech", card, cards, before, lapses }                   a leech is kept as it is
//
// `cards` are the ids of the cards that it is about.
import { sent } from "./guessing.js";

/** What is sent to do it. Of a guess the grade is not sent: the server works it out. */
export function forward(deed) {
  const { kind, card, cards, on, text, lapses } = deed;
  if (kind === "answer" && card.quiz) return { kind, card: card.id, guess: sent(card.said), repetition: card.quiz.repetition, two: deed.two, elapsed: deed.elapsed, at: deed.at };
  if (kind === "answer") return { kind, card: card.id, rating: deed.rating, elapsed: deed.elapsed, at: deed.at };
  if (kind === "note") return { kind, cards, text };
  if (kind === "leech") return { kind, cards, lapses };
  return { kind, cards, on };
}

/** What is sent to take it back. */
export function backward(deed) {
  const { kind, card, answer, before } = deed;
  if (kind === "answer") return { kind: "undo", card: card.id, answer };
  return forward({ ...deed, on: !deed.on, text: before, lapses: before });
}

/** The cards that it takes out of the queue. */
export function putsAway({ kind, cards, on }) {
  return (kind === "suspend" || kind === "bury") && on ? cards : kind === "keep" && !on ? cards : [];
}

/** What it changes about each of its cards. */
export function facts({ kind, on, text, lapses }) {
  return { suspend: { suspended: on }, bury: { buried: on }, mark: { marked: on }, keep: { kept: on }, note: { note: text }, leech: { passed: lapses } }[kind] ?? {};
}

/** The same deed the other way round. */
export const inverse = (deed) => ({ ...deed, on: !deed.on, text: deed.before, lapses: deed.before, before: deed.kind === "leech" ? deed.lapses : deed.text });

/** How it is told. */
export function told({ kind, on, cards, title, text }) {
  if (kind === "keep") return kept(cards.length, on, title);
  if (kind === "note") return text ? "Note kept." : "Note taken away.";
  return { suspend: ["Asked again.", "Suspended. It is not asked until you say so."], bury: ["Asked today after all.", "Buried until tomorrow."], mark: ["Mark taken off.", "Marked."], leech: ["Kept as it is."] }[kind]?.[Number(on ?? 0)] ?? "";
}

/** How it is told that it was taken back, and that it was done again. */
export const toldBack = (deed) => (deed.kind === "answer" ? `Taken back: ${deed.name}.` : deed.kind === "note" ? "Note as it was." : deed.kind === "leech" ? "Taken back." : told(inverse(deed)));
export const toldAgain = (deed) => (deed.kind === "answer" ? `Again: ${deed.name}.` : told(deed));

function kept(count, on, title) {
  const which = title ? (count === 1 ? `The card of “${title}” is` : `All ${count} cards of “${title}” are`) : count === 1 ? "This card is" : `${count} cards are`;
  return `${which} ${on ? "in" : "out of"} your review.`;
}
