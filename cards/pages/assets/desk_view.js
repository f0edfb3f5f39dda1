// What the desk looks like: a bar, a line of progress, one card, the buttons. It knows no rules.
import { changed } from "./changed.js";
import { element } from "./element.js";
import { faces, reach, reveal } from "./faces.js";
import { grades, hint } from "./grades.js";

// A constant: nothing that comes from a card or from the server is put into this string.
const SKELETON = `
<header class="bar ui">
  <button type="button" class="brand" data-command="stop">Martingale</button><h1 class="here">Review</h1>
  <div class="tools"><span class="unsaved" role="status"></span><span class="count"></span>
    <button type="button" class="plain" data-command="undo">Undo <kbd aria-hidden="true">Z</kbd></button>
    <button type="button" class="plain" data-command="stop"><span>Stop<span class="wide"> here</span></span> <kbd aria-hidden="true">Esc</kbd></button></div>
</header>
<div class="progress" role="progressbar" aria-label="Cards answered" aria-valuemin="0"><i></i></div>
<div class="stage"></div>
<footer class="ui">
  <p class="why" id="review-why" tabindex="-1" hidden></p>
  <div class="answers"></div>
  <div class="links">
    <button type="button" class="plain" data-command="why" aria-expanded="false" aria-controls="review-why">Why these dates? <kbd aria-hidden="true">?</kbd></button>
    <button type="button" class="plain" data-command="swap"></button></div>
</footer>
<div class="ahead" aria-hidden="true" inert></div>`;

export class DeskView {
  /** Draw the empty desk into `host`; `commands` are called by name, with the event. */
  constructor(host, commands) {
    host.setAttribute("role", "region");
    host.setAttribute("aria-label", "Review");
    host.innerHTML = SKELETON;
    this.commands = commands;
    this.ready = new Map(); // card id → its faces, made before they are wanted
    this.faces = null; // of the card that is asked
    this.show = element("button", { type: "button", class: "button first show" }, ["Show answer", hint("Space")]);
    this.show.addEventListener("click", (event) => commands.reveal(event));
    for (const button of host.querySelectorAll("[data-command]")) {
      button.addEventListener("click", (event) => commands[button.dataset.command](event));
    }
    const part = (selector) => host.querySelector(selector);
    this.parts = {
      unsaved: part(".unsaved"), count: part(".count"), progress: part(".progress"), line: part(".progress i"), stage: part(".stage"),
      answers: part(".answers"), links: part(".links"), why: part(".why"), ahead: part(".ahead"),
      whyButton: part("[data-command='why']"), swap: part("[data-command='swap']"),
    };
  }

  /** Ask a card. */
  ask(card) {
    const { stage, answers, links } = this.parts;
    this.faces = this.made(card);
    this.ready.delete(card.id);
    const source = element("a", { href: card.href, target: "_blank", rel: "noopener" }, ["in its place ↗", hint("E")]);
    stage.replaceChildren(element("p", { class: "ui where" }, [`${card.title} `, source]), ...changed(card), this.faces.root);
    stage.scrollTop = 0;
    answers.replaceChildren(this.show);
    links.classList.add("later");
    this.explain("");
    reach(this.faces.question);
    this.read();
  }

  /** Show the answer of the card that is asked, and the buttons that grade it. */
  answer(choices) {
    reveal(this.faces);
    this.offer(choices);
    this.parts.links.classList.remove("later");
    this.read();
    this.faces.answer.scrollIntoView({ block: "nearest" });
  }

  /** Show the buttons that grade. */
  offer(choices) {
    this.parts.answers.replaceChildren(grades(choices, (choice, event) => this.commands.grade(choice, event)));
    this.parts.swap.textContent = choices.length > 2 ? "Two buttons" : "Four buttons";
  }

  /** Say that there is nothing to ask. */
  rest(title, sentence) {
    const { stage, answers, links } = this.parts;
    if (this.resting === title + sentence && this.faces === null) return;
    this.resting = title + sentence;
    this.faces = null;
    const home = element("button", { type: "button", class: "button first" }, ["Back to the book"]);
    home.addEventListener("click", (event) => this.commands.stop(event));
    const words = element("div", { class: "rest", tabindex: "-1" }, [element("h2", {}, [title]), element("p", {}, [sentence])]);
    stage.replaceChildren(words);
    answers.replaceChildren(home);
    links.classList.add("later");
    this.explain("");
    focus(words);
  }

  /** Make the next cards ready: laid out and with their maths set, where nobody sees it, so that showing them costs one frame. */
  prepare(cards) {
    this.ready = new Map(cards.map((card) => [card.id, this.made(card)]));
    const roots = [...this.ready.values()].map((made) => made.root);
    const { ahead } = this.parts;
    if (roots.length !== ahead.children.length || roots.some((root) => root.parentElement !== ahead)) ahead.replaceChildren(...roots);
  }

  // A card that the server has sent again is laid out again only if its text has changed.
  made(card) {
    const known = this.ready.get(card.id);
    const same = known && known.card.front === card.front && known.card.back === card.back;
    return same ? Object.assign(known, { card }) : faces(card);
  }

  /** Say how far the reader is, and on which card. */
  count(done, total) {
    const { count, progress, line } = this.parts;
    count.textContent = total ? `${Math.min(done + 1, total)} of ${total}` : "";
    progress.setAttribute("aria-valuemax", Math.max(total, 1));
    progress.setAttribute("aria-valuenow", Math.min(done, Math.max(total, 1)));
    line.style.transform = `scaleX(${total ? done / total : 0})`;
  }

  /** Say, quietly, what has not been saved. */
  saving(sentence) {
    if (this.parts.unsaved.textContent !== sentence) this.parts.unsaved.textContent = sentence;
  }

  /** Show why the buttons name the dates they name; an empty text puts it away. */
  explain(text) {
    const { why, whyButton } = this.parts;
    why.hidden = !text;
    why.textContent = text;
    whyButton.setAttribute("aria-expanded", String(Boolean(text)));
  }

  /** Bring the focus to what is to be read now, off a button that has done its work. */
  read() {
    const { answer, question } = this.faces;
    focus(this.explaining ? this.parts.why : answer.hidden ? question : answer);
  }

  get explaining() {
    return !this.parts.why.hidden;
  }
}

const focus = (side) => side.focus({ preventScroll: true });
