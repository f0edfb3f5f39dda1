// What the desk looks like: a bar, a line of progress, one card, the buttons. It knows no rules.
import { changed } from "./changed.js";
import { element } from "./element.js";
import { keys, reasons } from "./explain.js";
import { faces, reach, reveal } from "./faces.js";
import { FOLLOWS, grades, hint } from "./grades.js";
import { sameQuestion } from "./guessing.js";
import { Menu } from "./menu.js";
import { Note } from "./note.js";

// A constant: nothing that comes from a card or from the server is put into this string.
const SKELETON = `
<header class="bar ui">
  <button type="button" class="brand" data-command="stop">Martingale</button><h1 class="here">Review</h1>
  <div class="tools"><span class="unsaved" role="status"></span><span class="count"></span>
    <button type="button" class="plain" data-command="undo">Undo <kbd aria-hidden="true">Z</kbd></button>
    <button type="button" class="plain" data-command="redo" hidden>Redo <kbd aria-hidden="true">⇧ Z</kbd></button>
    <button type="button" class="plain" data-command="stop"><span>Stop<span class="wide"> here</span></span> <kbd aria-hidden="true">Esc</kbd></button></div>
</header>
<div class="progress" role="progressbar" aria-label="Cards answered" aria-valuemin="0"><i></i></div>
<p class="notice ui" hidden></p>
<div class="stage"></div>
<footer class="ui">
  <div class="leech" hidden></div>
  <p class="remark" role="status"></p>
  <div class="why" id="review-why" role="region" aria-label="Why these dates" tabindex="0" hidden></div>
  <div class="answers"></div>
  <div class="links">
    <span data-menu></span>
    <button type="button" class="plain shown" data-command="why" aria-expanded="false" aria-controls="review-why">Why these dates? <kbd aria-hidden="true">W</kbd></button>
    <button type="button" class="plain shown" data-command="swap"></button>
    <button type="button" class="plain for-keys" data-command="keys">Keys <kbd aria-hidden="true">?</kbd></button></div>
</footer>
<div class="ahead" aria-hidden="true" inert></div>`;

export class DeskView {
  /** Draw the empty desk into `host`; `commands` are called by name, with the event; `menu` gives the items of the card's menu. */
  constructor(host, commands, menu) {
    host.setAttribute("role", "region");
    host.setAttribute("aria-label", "Review");
    host.innerHTML = SKELETON;
    this.commands = commands;
    this.ready = new Map(); // card id → its faces, made before they are wanted
    this.faces = null; // of the card that is asked
    this.show = element("button", { type: "button", class: "button first show" }, ["Show answer", hint("Space")]);
    this.commit = element("button", { type: "button", class: "button first show" }, ["Commit", hint("↵")]);
    this.pass = element("button", { type: "button", class: "button show" }, ["I don’t know"]);
    for (const button of [this.show, this.commit]) button.addEventListener("click", (event) => commands.reveal(event));
    this.pass.addEventListener("click", () => commands.pass());
    host.addEventListener("submit", (event) => (event.preventDefault(), commands.reveal(event)));
    for (const button of host.querySelectorAll("[data-command]")) {
      button.addEventListener("click", (event) => commands[button.dataset.command](event));
    }
    const part = (selector) => host.querySelector(selector);
    this.parts = {
      unsaved: part(".unsaved"), count: part(".count"), redo: part("[data-command='redo']"), progress: part(".progress"), line: part(".progress i"),
      notice: part(".notice"), stage: part(".stage"), leech: part(".leech"), remark: part(".remark"), why: part(".why"), answers: part(".answers"),
      links: part(".links"), ahead: part(".ahead"), whyButton: part("[data-command='why']"), swap: part("[data-command='swap']"),
    };
    this.menu = new Menu(element("button", { type: "button", class: "plain" }, ["Card", element("kbd", { class: "dot", "aria-hidden": "true" }, ["."])]), "This card", menu);
    part("[data-menu]").replaceWith(this.menu.root);
    this.note = new Note(commands.noted);
  }

  /** Ask a card. */
  ask(card) {
    const { stage, answers, links } = this.parts;
    this.faces = this.made(card);
    this.ready.delete(card.id);
    const source = element("a", { href: card.href, target: "_blank", rel: "noopener" }, ["in its place ↗", hint("E")]);
    this.flag = element("span", { class: "flag" });
    this.note.show("");
    stage.replaceChildren(element("p", { class: "ui where" }, [`${card.title} `, source, this.flag]), ...changed(card), this.faces.root, this.note.root);
    stage.scrollTop = 0;
    answers.replaceChildren(...(card.quiz ? [element("div", { class: "ways" }, [this.commit, this.pass])] : [this.show]));
    links.className = "links later";
    this.mark(card.marked);
    this.menu.close();
    this.explain(null);
    reach(this.faces.question);
    this.read();
  }

  /** Show the answer of the card that is asked, with what the reader has noted, and the buttons that grade it. */
  answer(choices, note, isTwo) {
    reveal(this.faces);
    this.offer(choices, isTwo);
    if (note && !this.note.isOpen) this.showNote(note);
    this.parts.links.classList.remove("later");
    this.read();
    this.faces.answer.scrollIntoView({ block: "nearest" });
  }

  /** Show the buttons that grade: all that there are, or the one that follows from a guess. */
  offer(choices, isTwo) {
    const { guess } = this.faces;
    guess?.follow(choices[0], isTwo);
    this.parts.answers.replaceChildren(grades(choices, (choice, event) => this.commands.grade(choice, event), guess ? FOLLOWS : {}));
    this.parts.swap.textContent = isTwo ? "Four buttons" : "Two buttons";
  }

  /** Say whether the card that is asked is marked. */
  mark(isMarked) {
    this.flag.textContent = isMarked ? "marked" : "";
  }

  /** Show the reader's note with the card that is asked. */
  showNote(text) {
    this.note.show(text, () => this.read());
  }

  /** Let the reader write it. */
  writeNote(text) {
    if (!this.note.isOpen) this.showNote(text);
    this.note.edit();
  }

  /** Say that there is nothing to ask; `ways` are what to do instead: words, and what a press does, the first of them first. */
  rest(title, sentence, ways) {
    const { stage, answers, links } = this.parts;
    const told = JSON.stringify([title, sentence, ways.map(({ words }) => words)]);
    if (this.resting === told && this.faces === null) return;
    this.resting = told;
    this.faces = null;
    const [first, ...others] = ways.map(({ words, press }, index) => {
      const made = element("button", { type: "button", class: index ? "button" : "button first" }, [words]);
      made.addEventListener("click", press);
      return made;
    });
    const words = element("div", { class: "rest", tabindex: "-1" }, [element("h2", {}, [title]), element("p", {}, [sentence]), element("div", { class: "ways" }, others)]);
    stage.replaceChildren(words);
    answers.replaceChildren(first);
    links.className = "links none";
    this.menu.close();
    this.explain(null);
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
    if (!known || !sameQuestion(known.card, card)) return faces(card);
    known.guess?.about(card);
    return Object.assign(known, { card });
  }

  /** Say how far the reader is, on which card, and whether something can be done again. */
  count(done, total, canRedo) {
    const { count, progress, line, redo } = this.parts;
    count.textContent = total ? `${Math.min(done + 1, total)} of ${total}` : "";
    redo.hidden = !canRedo;
    progress.setAttribute("aria-valuemax", Math.max(total, 1));
    progress.setAttribute("aria-valuenow", Math.min(done, Math.max(total, 1)));
    line.style.transform = `scaleX(${total ? done / total : 0})`;
  }

  /** Say, quietly, what has not been saved. */
  saving(sentence) {
    if (this.parts.unsaved.textContent !== sentence) this.parts.unsaved.textContent = sentence;
  }

  /** Say something for as long as it holds, and whether the cards' dates stay as they are. */
  notice(sentence, isRound) {
    const { notice, swap, whyButton } = this.parts;
    swap.hidden = whyButton.hidden = isRound;
    if (sentence === undefined) return;
    notice.hidden = !sentence;
    if (notice.textContent !== sentence) notice.textContent = sentence;
  }

  /** Say what has just been done, and how to take it back. */
  remark(sentence, way) {
    const { remark } = this.parts;
    if (!sentence && !remark.firstChild) return;
    const button = way && element("button", { type: "button", class: "plain" }, [way.words]);
    button?.addEventListener("click", way.press);
    remark.replaceChildren(sentence, ...(button ? [" ", button] : []));
  }

  /** Show why the buttons name the dates they name, or the keys; nothing puts it away. */
  explain(what, choices) {
    const { why, whyButton } = this.parts;
    const parts = what === "keys" ? keys() : what ? reasons(what, choices) : [];
    this.explained = what;
    why.hidden = !parts.length;
    why.setAttribute("aria-label", what === "keys" ? "Keys and gestures" : "Why these dates");
    if (why.firstChild || parts.length) why.replaceChildren(...parts);
    whyButton.setAttribute("aria-expanded", String(Boolean(what && what !== "keys")));
  }

  /** Bring the focus to what is to be read now, off a button that has done its work. */
  read() {
    if (this.explained) return focus(this.parts.why);
    if (!this.faces) return focus(this.parts.stage.firstElementChild);
    const { answer, question } = this.faces;
    focus(answer.hidden ? question : answer);
  }
}

const focus = (side) => side.focus({ preventScroll: true });
