// The offer at a section's end: which of its cards to keep in review, and what that will cost.
import { typeset } from "/assets/sim/math.js";
import { backward, forward, told } from "./deeds.js";
import { element } from "./element.js";
import { mounted } from "./mounted.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";

export const { mount, unmount } = mounted(".keep", (host) => new Offer(host));

class Offer {
  constructor(host) {
    this.host = host;
    this.left = new Set(); // the cards that the reader leaves out
    this.says = element("p", { class: "ui" });
    this.cost = element("p", { class: "ui cost" });
    this.list = element("ul");
    this.which = element("details", {}, [element("summary", { class: "ui" }, ["Choose which"]), this.list]);
    this.keep = this.button("button", () => this.take(this.picked(), true));
    this.drop = this.button("plain", () => this.take(this.kept(), false));
    this.look = element("a", {}, ["Go through them now, without scheduling anything"]);
    this.look.addEventListener("click", (event) => this.go(event));
    this.told = element("p", { class: "ui remark", role: "status", tabindex: "-1" });
    this.unsaved = element("p", { class: "ui unsaved", role: "status" });
    host.classList.add("ui");
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", "Keep this section's cards");
    host.replaceChildren(this.says, this.which, this.cost, element("p", { class: "ways" }, [this.keep, this.drop, this.look]), this.told, this.unsaved);
    this.stopListening = onPending(() => this.report());
  }

  update(component) {
    this.component = component;
    this.data = component.data;
    attach(this.host, component);
    this.cards = this.data.cards.map((card) => ({ ...card, kept: this.expected(card) }));
    this.look.href = this.data.round;
    this.draw();
  }

  close() {
    this.stopListening();
    detach(this.host);
  }

  // What the reader has decided holds, though the server may not have heard of it.
  expected({ id, kept }) {
    const decided = pending().filter((operation) => operation.kind === "keep" && operation.cards.includes(id));
    return decided.at(-1)?.on ?? kept;
  }

  kept = () => this.cards.filter(({ kept }) => kept).map(({ id }) => id);
  missing = () => this.cards.filter(({ kept }) => !kept).map(({ id }) => id);
  picked = () => this.missing().filter((id) => !this.left.has(id));

  draw() {
    const [all, missing, picked] = [this.cards.length, this.missing().length, this.picked().length];
    this.says.textContent = missing ? "" : all === 1 ? "The card of this section is in your review." : `All ${all} cards of this section are in your review.`;
    this.says.hidden = Boolean(missing);
    this.keep.hidden = this.which.hidden = !missing;
    this.keep.disabled = !picked;
    this.keep.textContent = `Keep ${these(picked, missing, all)}`;
    this.drop.hidden = missing === all;
    this.drop.textContent = missing ? "Take the others out" : all === 1 ? "Take it out" : "Take them out";
    this.cost.textContent = missing ? this.data.cost : "";
    this.drawList();
    this.report();
  }

  // Made once, and again when other cards are missing: a box that has the focus stays.
  drawList() {
    const ids = this.missing();
    const shown = ids.join(" ");
    if (this.shown === shown) return;
    this.shown = shown;
    this.list.replaceChildren(...this.cards.filter(({ kept }) => !kept).map((card) => this.choice(card)));
    typeset(this.list);
  }

  choice({ id, front }) {
    const box = element("input", { type: "checkbox" });
    box.checked = !this.left.has(id);
    box.addEventListener("change", () => this.choose(id, box.checked));
    const words = element("span", { class: "words" });
    words.innerHTML = front; // from the book, where it has passed the gate
    for (const link of words.querySelectorAll("a")) link.replaceWith(...link.childNodes);
    return element("li", {}, [element("label", {}, [box, words])]);
  }

  choose(id, isPicked) {
    if (isPicked) this.left.delete(id);
    else this.left.add(id);
    this.draw();
    this.component.setTriggerValue("chosen", this.picked());
  }

  take(cards, on) {
    const deed = { kind: "keep", cards, on };
    const words = { true: "Kept.", false: told({ ...deed, on: false }) };
    this.act(deed, forward(deed), words[on], () => this.act({ ...deed, on: !on }, backward(deed), words[!on]));
  }

  /** Do it and say so; the focus goes to what is said if the button that was pressed has gone. */
  act(deed, operation, sentence, undo) {
    const pressed = this.host.contains(document.activeElement) && document.activeElement;
    this.send(deed, operation);
    this.tell(sentence, undo);
    if (pressed && !(pressed.isConnected && pressed.checkVisibility())) this.told.focus({ preventScroll: true });
  }

  send({ cards, on }, operation) {
    add(operation, this.host);
    for (const card of this.cards) if (cards.includes(card.id)) card.kept = on;
    this.draw();
  }

  tell(sentence, undo) {
    const button = undo && this.button("plain", undo);
    if (button) button.textContent = "Undo";
    this.told.replaceChildren(sentence, " ", ...(button ? [button] : []));
  }

  go(event) {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { pathname, search } = new URL(this.look.href, location.href);
    this.component.setTriggerValue("go", { path: pathname, query: search });
  }

  report() {
    const isUnsaved = pending().some(({ kind }) => kind === "keep") && isSlow();
    const sentence = isUnsaved ? problem() || "Not saved yet" : "";
    if (this.unsaved.textContent !== sentence) this.unsaved.textContent = sentence;
  }

  button(look, press) {
    const made = element("button", { type: "button", class: look });
    made.addEventListener("click", press);
    return made;
  }
}

/** Name the cards that a press would keep: "this card", "these 7 cards", "the other 3 cards", "2 of the 7 cards". */
function these(picked, missing, all) {
  if (picked < missing) return `${picked} of the ${missing} cards`;
  if (missing < all) return missing === 1 ? "the other card" : `the other ${missing} cards`;
  return all === 1 ? "this card" : `these ${all} cards`;
}
