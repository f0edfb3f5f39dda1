// The claim component: one claim where it stands in the prose. The reader says how likely it is, is then shown what to weigh, and
// may think again. Nobody grades it. What is shown is what the server has put down.
import { arrive } from "./arrive.js";
import { button } from "./asking.js";
import { Beliefs } from "./beliefs.js";
import { element } from "./element.js";
import { faces, reach } from "./faces.js";
import { HowLikely } from "./how_likely.js";
import { mounted } from "./mounted.js";
import { Note } from "./note.js";
import { outcomes, TAKE_BACK } from "./outcomes.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";

const AGAIN = { what: "How likely is it now?", press: "Put it down" };

export const { mount, unmount } = mounted(".claim", (host) => new Claim(host));

class Claim {
  constructor(host) {
    this.host = host;
    this.beliefs = new Beliefs(host, () => this.rest());
    this.form = null; // the question, while it is asked
    this.wasAsked = false; // whether to bring the focus to what an answer has brought up
    this.tag = element("p", { class: "ui standing" });
    this.body = element("div");
    this.foot = element("div", { class: "foot" });
    this.note = new Note((text, began) => this.noted(text, began), "Your note on what you said");
    this.unsaved = element("p", { class: "ui unsaved", role: "status" });
    host.classList.add("place", "believing");
    host.setAttribute("role", "group");
    host.replaceChildren(this.tag, this.body, this.note.root, this.foot, this.beliefs.remark, this.unsaved);
    const leave = () => this.note.flush();
    addEventListener("pagehide", leave);
    const stop = onPending(() => this.report());
    this.stopListening = () => (removeEventListener("pagehide", leave), stop());
  }

  update(component) {
    this.component = component;
    this.data = component.data;
    const { claim, standing } = this.data;
    attach(this.host, component, claim.id);
    this.host.setAttribute("aria-label", `Claim: ${standing}`);
    this.tag.replaceChildren(element("span", {}, [element("span", { class: "tag" }, ["Believe"]), ` · ${standing}`]));
    const put = this.form?.hears(this.data);
    if (put) this.put(put);
    if (!this.form || this.askedOf !== this.entry) this.draw();
    this.showNote();
    if (!this.host.id) arrive(this.host, claim.id);
    this.report();
  }

  close() {
    this.note.flush();
    this.stopListening();
    detach(this.host);
  }

  /** The id of what was said last. */
  get entry() {
    return this.data.entry?.id ?? "";
  }

  /** Lay the claim out again: with the question, or with what was said and what to weigh. */
  draw() {
    const { claim, weigh, entry, settled, own, moved } = this.data;
    const drawn = JSON.stringify([claim, weigh, entry?.id, entry?.said, Boolean(entry?.note), settled, own, moved]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const sides = faces({ front: claim.html, back: weigh });
    sides.answer.hidden = !weigh;
    const by = claim.by ? [element("p", { class: "ui by" }, [claim.by])] : [];
    this.body.replaceChildren(sides.question, ...by, ...(weigh ? [element("p", { class: "ui weigh" }, ["What to weigh"]), sides.answer] : []));
    reach(sides.question);
    reach(sides.answer);
    if (entry || settled) this.offer();
    else this.ask("", {});
    if (this.wasAsked && weigh) this.said?.focus({ preventScroll: true });
    this.wasAsked = false;
  }

  /** Ask how likely it is. */
  ask(occasion, words) {
    this.form = new HowLikely((said, note) => this.say(said, note, occasion), words);
    this.askedOf = this.entry;
    const mine = pending().findLast((operation) => operation.kind === "believe" && operation.card === this.data.claim.id);
    if (mine) this.form.resume(mine);
    const leave = this.data.entry ? [button("Leave it as it is", "plain", () => this.leave())] : [];
    this.form.actions.append(...leave);
    this.foot.replaceChildren(this.form.root);
  }

  /** Show what was said, and offer to think again. */
  offer() {
    const { entry, moved, settled, own, ledger } = this.data;
    this.form = null;
    this.said = element("p", { class: "ui said", tabindex: "-1" }, [entry ? `${entry.said} ${moved}` : ""]);
    const ways = [];
    if (entry && !settled) ways.push(button("Has reading this moved you?", "button", () => this.again()));
    if (entry && !entry.note) ways.push(button("Add a note", "plain", () => this.note.edit()));
    if (entry) ways.push(button("Take it back", "plain", () => this.takeBack()));
    if (!settled) ways.push(button("It has turned out", "plain", () => this.settle()));
    else if (own) ways.push(button(TAKE_BACK, "plain", () => this.resolve("open", "Taken back.")));
    ways.push(this.link(ledger));
    this.foot.replaceChildren(this.said, element("div", { class: "ui ways" }, ways));
  }

  say(said, note, occasion) {
    this.wasAsked = true;
    return add({ kind: "believe", card: this.data.claim.id, said, note, repeat: false, occasion }, this.host).id;
  }

  /** What was said is put down: it can be taken back from now on. */
  put(entry) {
    this.form = null;
    this.drawn = "";
    this.beliefs.did({ card: this.data.claim.id, entry, told: "Put down." });
  }

  again() {
    this.ask("after", AGAIN);
    this.form.dial.focus();
  }

  leave() {
    this.offer();
    this.said.focus({ preventScroll: true });
  }

  takeBack() {
    const { entry, claim } = this.data;
    add({ kind: "withdraw", card: claim.id, entry: entry.id, on: true }, this.host);
    this.beliefs.did({ card: claim.id, entry: entry.id, told: "Taken back.", isTakenBack: true });
    this.beliefs.focus();
  }

  /** Ask how it has turned out. */
  settle() {
    const choices = outcomes(({ outcome, words }) => this.resolve(outcome, `${words}: put down.`));
    const back = button("Not yet", "plain", () => this.leave());
    this.foot.replaceChildren(element("div", { class: "ways", role: "group", "aria-label": "How has it turned out?" }, [...choices, back]));
    choices[0].focus({ preventScroll: true });
  }

  resolve(outcome, told) {
    const card = this.data.claim.id;
    const { id } = add({ kind: "resolve", card, outcome, note: "" }, this.host);
    this.beliefs.did({ card, entry: id, told });
    this.beliefs.focus();
  }

  noted(text, began) {
    const { entry, claim } = this.data;
    if (!entry) return;
    const { newest, canRedo } = this.beliefs.history;
    const goesOn = newest?.began === began && newest.text !== undefined && !canRedo;
    if (goesOn) newest.text = text;
    else this.beliefs.did({ card: claim.id, entry: entry.id, told: "Note kept.", before: entry.note, text, began });
    add({ kind: "reason", card: claim.id, entry: entry.id, text }, this.host);
    entry.note = text;
  }

  /** Put away what is open, before something is taken back. */
  rest() {
    this.note.close();
    this.form = null;
    this.drawn = ""; // a form that is open would go on unheard
  }

  showNote() {
    if (!this.note.isOpen) this.note.show(this.data.entry?.note ?? "", () => this.said?.focus({ preventScroll: true }));
  }

  link(ledger) {
    const made = element("a", { href: ledger }, ["In your ledger"]);
    made.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      const { pathname, search, hash } = new URL(ledger, location.href);
      this.component.setTriggerValue("go", { path: pathname, query: search, anchor: hash.slice(1) });
    });
    return made;
  }

  report() {
    const id = this.data?.claim.id;
    const mine = pending().some(({ card }) => card === id);
    const sentence = mine && isSlow() ? problem() || "Not saved yet" : "";
    if (this.unsaved.textContent !== sentence) this.unsaved.textContent = sentence;
  }
}
