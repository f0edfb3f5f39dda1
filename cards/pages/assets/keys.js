// Which key presses are meant for the cards.

const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";
const DIALOG = "dialog, [role='dialog']"; // Streamlit says in one that the connection is lost
const PRESSING = "a[href], button, summary, [role='button'], [role='slider']";

/** The key of a deliberate press that nothing else on the page wants, or an empty string. */
export function pressed(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing) return "";
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  const { target } = event;
  if (target.closest?.(`${TYPING}, ${DIALOG}`)) return "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // A focused button answers Space and Enter itself.
  if ((key === " " || key === "Enter") && target.closest?.(PRESSING)) return "";
  return key;
}

/** Whether a held key would scroll or press its way through cards. */
export function isHeld(event) {
  return event.repeat && (event.key === " " || event.key === "Enter") && !event.target.closest?.(TYPING);
}
