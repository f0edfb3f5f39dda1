// Which card comes next. Plain data in, plain data out.
//
// The server sends the next cards whenever it has saved something. What it knows is older than what the reader has done since,
// so its list goes behind the card in front, less the cards that are answered or put away by what is still on its way to it.
import { facts, putsAway } from "./deeds.js";

/** The cards behind the one in front, after the server has sent `incoming`. */
export function merge(front, behind, incoming, operations) {
  const gone = union(answered(operations), away(operations));
  // Cards that an undo has pushed back come first: the reader was on them a moment ago.
  const pushed = behind.filter((card) => card.pushed && !gone.has(card.id));
  const taken = new Set([front?.id, ...pushed.map((card) => card.id)]);
  return [...pushed, ...incoming.filter((card) => !taken.has(card.id) && !gone.has(card.id))];
}

/** Bring cards that the server has sent up to date with what is on its way to it. */
export function learn(cards, operations) {
  for (const operation of operations) {
    for (const card of cards) if (operation.cards?.includes(card.id)) Object.assign(card, facts(operation));
  }
  return cards;
}

/** How many cards fewer there are than the server, which has sent `incoming`, has counted. */
export function ahead(incoming, operations) {
  const undone = new Set(operations.filter(isUndo).map((operation) => operation.answer));
  const answers = operations.filter(isAnswer);
  const given = new Set(answers.map((operation) => operation.id));
  const counted = [...undone].filter((answer) => !given.has(answer)); // undone here, still counted there
  const [has, put] = [answered(operations), away(operations)];
  const putAway = incoming.filter((card) => put.has(card.id) && !has.has(card.id));
  return answers.filter((operation) => !undone.has(operation.id)).length - counted.length + putAway.length;
}

/** The cards that have been put away and not brought back. */
function away(operations) {
  const kinds = { suspend: new Set(), bury: new Set(), keep: new Set() };
  for (const operation of operations) {
    const cards = kinds[operation.kind];
    const put = new Set(putsAway(operation));
    if (cards) for (const card of operation.cards) put.has(card) ? cards.add(card) : cards.delete(card);
  }
  return union(...Object.values(kinds));
}

function answered(operations) {
  const undone = new Set(operations.filter(isUndo).map((operation) => operation.answer));
  return new Set(operations.filter((operation) => isAnswer(operation) && !undone.has(operation.id)).map((operation) => operation.card));
}

const isAnswer = (operation) => operation.kind === "answer";
const isUndo = (operation) => operation.kind === "undo";
const union = (...sets) => new Set(sets.flatMap((set) => [...set]));
