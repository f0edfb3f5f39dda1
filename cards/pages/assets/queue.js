// Which card comes next. Plain data in, plain data out.
//
// The server sends the next cards whenever it has saved something. What it knows is older than what the reader has done since,
// so its list goes behind the card in front, less the cards whose answers are still on their way to it.

/** The cards behind the one in front, after the server has sent `incoming`. */
export function merge(front, behind, incoming, operations) {
  const answered = unsaved(operations);
  // Cards that an undo has pushed back come first: the reader was on them a moment ago.
  const pushed = behind.filter((card) => card.pushed && !answered.has(card.id));
  const taken = new Set([front?.id, ...pushed.map((card) => card.id)]);
  return [...pushed, ...incoming.filter((card) => !taken.has(card.id) && !answered.has(card.id))];
}

/** How many more answers have been given than the server has counted. */
export function ahead(operations) {
  const undone = new Set(operations.filter(isUndo).map((operation) => operation.answer));
  const answers = operations.filter(isAnswer);
  const given = new Set(answers.map((operation) => operation.id));
  const counted = [...undone].filter((answer) => !given.has(answer)); // undone here, still counted there
  return answers.filter((operation) => !undone.has(operation.id)).length - counted.length;
}

function unsaved(operations) {
  const undone = new Set(operations.filter(isUndo).map((operation) => operation.answer));
  return new Set(operations.filter((operation) => isAnswer(operation) && !undone.has(operation.id)).map((operation) => operation.card));
}

const isAnswer = (operation) => operation.kind === "answer";
const isUndo = (operation) => operation.kind === "undo";
