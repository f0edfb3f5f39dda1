// The two sides of a card as elements. The HTML comes from the book, where it has passed the gate.
import { typeset } from "/assets/sim/math.js";
import { element } from "./element.js";
import { Guessing } from "./guessing.js";

/** The sides of a card, its answer hidden, its maths on the way to being set, and where a guess is entered if it asks for one. */
export function faces(card) {
  const question = side("question", card.front);
  const answer = side("answer", card.back);
  answer.hidden = true;
  if (card.filled) answer.classList.add("filled");
  const guess = card.quiz ? new Guessing(card) : null;
  if (guess) answer.prepend(guess.result);
  const root = element("div", { class: "faces" }, [question, ...(guess ? [guess.element] : []), answer]);
  typeset(root);
  return { root, question, answer, card, guess };
}

/** Show the answer: below its question, or, where it is the question with its holes filled, in its place. */
export function reveal({ question, answer, card, guess }) {
  guess?.show();
  answer.hidden = false;
  question.hidden = Boolean(card.filled);
  reach(answer);
}

/** Let the keyboard reach what is wider than its side, so that it can be scrolled. */
export function reach(side) {
  for (const part of side.querySelectorAll("pre, .table, .math.block")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  }
}

// Focus goes to the side that has just appeared, so that a screen reader reads it.
function side(name, html) {
  const made = element("div", { class: name, tabindex: "-1" });
  made.innerHTML = html;
  for (const link of made.querySelectorAll("a[href]")) outward(link);
  return made;
}

// A link leads out of the card into a new tab, so that the reader can come back to it. Glossary popovers belong to the prose.
function outward(link) {
  if (link.hash.startsWith("#term-")) link.replaceWith(...link.childNodes);
  else Object.assign(link, { target: "_blank", rel: "noopener" });
}
