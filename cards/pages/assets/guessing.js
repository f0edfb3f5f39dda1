// The guess that a card asks for: where it is entered, under the question; and, with the answer, how it did and what follows.
//
// A guess stands once the answer has been seen: it lies on the card, and in the tab's storage, so that an undo or a reload brings
// back the same guess, and not another chance. The last guess at each card is remembered, until there is a later one: the card may
// have come with its next question when the answer to this one is taken back.
import { doubt } from "/assets/sim/doubt.js";
import { intervalEntry, numberEntry } from "/assets/sim/entries.js";
import { verdict } from "/assets/sim/verdict.js";
import { number } from "/assets/sim/words.js";
import { element } from "./element.js";
import { follows } from "./follows.js";
import { recall, remember } from "./storage.js";

const PURE = "pure"; // no unit: whether such a number is a share is not to be told from the answer, which would give it away

let made = 0;

/** What is sent of a guess: a number, both ends of an interval, or null where the reader passed. */
export const sent = (said) => said?.value ?? said;

/** The one choice that a card's guess leaves. */
export const left = ({ quiz, said }, choices, two) => choices.filter(({ rating }) => rating === follows(quiz, said, two).rating);

/** Whether two versions of a card ask the same; a question that has been answered stays what it was, until another is due. */
export function sameQuestion(known, card, isAnswered) {
  if (!known.quiz || !card.quiz) return known.front === card.front && known.back === card.back;
  const isDue = known.quiz.repetition < 0 && card.quiz.repetition >= 0;
  return known.quiz.text === card.quiz.text && ((isAnswered && !isDue) || known.quiz.repetition === card.quiz.repetition);
}

/** A card as the server knows it now, with the question as it was asked. */
export const asAsked = ({ front, back, quiz, said }, card) => (quiz ? { ...card, front, back, quiz, said } : card);

export class Guessing {
  constructor(card) {
    const { quiz } = card;
    const id = `guess-${(made += 1)}`;
    this.entry = (quiz.kind === "interval" ? intervalEntry : numberEntry)(id, { ...quiz, otherwise: "say that you don’t know" });
    this.inputs = [...this.entry.element.querySelectorAll("input")];
    this.trouble = element("p", { class: "trouble", id: `${id}-trouble`, role: "alert" });
    const what = element("p", { class: "what", id: `${id}-what` }, [asks(quiz)]);
    const rule = element("p", { class: "rule", id: `${id}-rule` }, [`${quiz.rule} The grade follows from your guess.`]);
    for (const input of this.inputs) input.setAttribute("aria-describedby", `${what.id} ${rule.id} ${this.trouble.id}`);
    this.element = element("form", { class: "ui guessing", novalidate: "" }, [what, this.entry.element, this.trouble, rule]);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.verdict = element("p", { class: "ui verdict" });
    this.grade = element("p", { class: "ui follows" });
    this.run = element("a", { class: "run", href: quiz.run, target: "_blank", rel: "noopener" }, ["Show me this run ↗"]);
    this.result = element("div", { class: "result" }, [this.verdict, this.grade, this.run]);
    this.about(card);
  }

  /** The same question, as the server has sent it again. */
  about(card) {
    this.card = card;
    const { repetition, truth } = card.quiz;
    const kept = recall(`guess.${card.id}`, null);
    if (kept && card.said === undefined && kept.repetition === repetition && kept.truth === truth) card.said = kept.said;
  }

  focus() {
    const empty = this.inputs.find((input) => !input.value);
    (empty ?? this.inputs[0]).focus();
  }

  /** Take the guess that is entered; false if there is none, or none that can be meant, and then it is said why. */
  take() {
    const isAtIt = this.element.contains(document.activeElement);
    if (!isAtIt && this.inputs.every((input) => !input.value)) {
      this.focus();
      return false;
    }
    const { said, numbers, ...missing } = this.entry.read();
    const doubted = numbers?.map(({ value, field }) => ({ trouble: doubt({ unit: this.card.quiz.unit || PURE }, value, this.card.quiz.truth), field })).find((one) => one.trouble);
    const wrong = said ? doubted : missing;
    this.trouble.textContent = wrong?.trouble ?? "";
    for (const input of this.inputs) input.setAttribute("aria-invalid", String(input === wrong?.field));
    if (wrong) wrong.field.focus();
    else this.commit(said);
    return !wrong;
  }

  /** Stand by a guess; null passes. */
  commit(said) {
    const { id, quiz } = this.card;
    this.card.said = said;
    if (quiz.repetition >= 0) remember(`guess.${id}`, { repetition: quiz.repetition, truth: quiz.truth, said });
  }

  /** Show the guess beside the answer, in place of where it was entered. */
  show() {
    const { quiz, said } = this.card;
    this.element.hidden = true;
    this.verdict.replaceChildren(...verdict(quiz, said, quiz.truth, true));
  }

  /** Say which grade follows, as it is called, and why; nothing where no answer is taken. */
  follow(choice, two) {
    this.grade.textContent = choice ? `${follows(this.card.quiz, this.card.said, two).why}: ${choice.name}.` : "";
  }

  key(event) {
    if (event.isComposing || event.repeat) return;
    if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      this.element.requestSubmit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.element.closest(".faces").querySelector(".question").focus({ preventScroll: true });
    }
  }
}

function asks({ kind, confidence, question }) {
  if (kind !== "interval") return `Your guess: ${question}`;
  return `Your guess: ${question}. Between which two numbers, so that you are ${number(100 * confidence)}% sure?`;
}
