// What the menu of a card offers, on the desk and in the prose.
import { isTouch } from "./keys.js";

/**
 * @param card as the server sends it
 * @param acts { mark, suspend, bury, note, why, open, keep, drop, keys }, of which some may be missing
 * @param section { title, cards } of the kept cards of its section, if they can be dropped together
 */
export function cardMenu(card, acts, section) {
  const { kept, marked, suspended, buried, note } = card;
  return [
    kept && item(marked ? "Take the mark off" : "Mark", "M", acts.mark),
    item(note ? "Change your note" : "Write a note", "N", acts.note),
    kept && !suspended && item(buried ? "Ask it today after all" : "Bury until tomorrow", "B", acts.bury),
    kept && item(suspended ? "Ask it again" : "Suspend: do not ask it", "S", acts.suspend),
    card.why && item("Why these dates?", "W", acts.why),
    item("Open its place in the book", "E", acts.open),
    item(kept ? "Take it out of review" : "Keep it in review", "", acts.keep),
    section?.cards.length && item(drops(section), "", acts.drop),
    item(isTouch ? "Gestures" : "Keys", "?", acts.keys),
  ].filter((offered) => offered && offered.press);
}

const item = (words, key, press) => ({ words, key, press });

function drops({ title, cards }) {
  return `Take all of “${title}” out of review (${cards.length === 1 ? "1 card" : `${cards.length} cards`})`;
}
