// Which key presses are meant for the cards.

const TYPING = "input:not([type='range']), textarea, select, [contenteditable]:not([contenteditable='false'])";
const DIALOG = "dialog, [role='dialog']"; // Streamlit says in one that the connection is lost
const PRESSING = "a[href], button, summary, [role='button'], [role='slider']";

/** The keys of the desk, as its list of keys tells them. */
export const KEYS = [
  ["Space", "show the answer"],
  ["1 – 4", "say how well you knew it"],
  ["0 – 9", "begin a guess, where a card asks for one"],
  ["Enter", "commit it; then Space goes on with the grade that follows"],
  ["Z", "undo, step by step"],
  ["⇧ Z", "do it again"],
  [".", "the card's menu"],
  ["M or *", "mark"],
  ["N", "write a note"],
  ["B", "bury until tomorrow"],
  ["S", "suspend"],
  ["W", "why these dates"],
  ["E", "open the card's place in the book"],
  ["?", "these keys"],
  ["Esc", "close, or stop here"],
];

/** What a finger does, where there are no keys. */
export const GESTURES = [
  ["Tap the card", "show the answer"],
  ["Swipe right", "Good, or Knew it"],
  ["Swipe left", "Forgot"],
];

/** Whether the reader has fingers and no keys. */
export const isTouch = matchMedia("(hover: none)").matches;

/** The key of a deliberate press that nothing else on the page wants, "undo" or "redo" for their chords, or an empty string. */
export function pressed(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.altKey) return "";
  const { target } = event;
  if (target.closest?.(`${TYPING}, ${DIALOG}`)) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  if (event.ctrlKey || event.metaKey) return key === "y" ? "redo" : "";
  // A focused button answers Space and Enter itself.
  if ((key === " " || key === "Enter") && target.closest?.(PRESSING)) return "";
  return key;
}

/** Whether a held key would scroll or press its way through cards. */
export function isHeld(event) {
  return event.repeat && (event.key === " " || event.key === "Enter") && !event.target.closest?.(TYPING);
}
