// The conservation component: the reader's three numbers before some evidence, what they imply, the evidence, and what the reader's
// own numbers then ask for. What is shown is what the server has put down and reckoned.
import { button } from "./asking.js";
import { Beliefs } from "./beliefs.js";
import { Dial } from "./dial.js";
import { element } from "./element.js";
import { reach } from "./faces.js";
import { mounted } from "./mounted.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";
import { typeset } from "/assets/sim/math.js";

const ASKED = {
  prior: "How likely is the claim?",
  if_true: "If the claim is true, how likely is the evidence?",
  if_false: "If the claim is false, how likely is the evidence?",
};

export const { mount, unmount } = mounted(".conservation", (host) => new Check(host));

class Check {
  constructor(host) {
    this.host = host;
    this.beliefs = new Beliefs(host);
    this.awaited = ""; // the id of what is on its way
    this.shown = undefined; // the id of what is laid out; "" for the questions
    this.hidden = ""; // the id of what the evidence was not shown for yet
    this.claim = element("div", { class: "question", tabindex: "-1" });
    this.evidence = element("div", { class: "evidence" });
    this.body = element("div", { class: "body" });
    this.unsaved = element("p", { class: "ui unsaved", role: "status" });
    host.classList.add("place", "believing");
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", "Foresee the evidence");
    host.tabIndex = -1;
    const tag = element("p", { class: "ui standing" }, [element("span", {}, [element("span", { class: "tag" }, ["Believe"]), " · your numbers first, then the evidence"])]);
    host.replaceChildren(tag, this.part("The claim", this.claim), this.part("The evidence that may come", this.evidence), this.body, this.beliefs.remark, this.unsaved);
    this.stopListening = onPending(() => this.report());
  }

  update(component) {
    this.data = component.data;
    const { check, said } = this.data;
    attach(this.host, component, check.id);
    this.host.id ||= `card-${check.id}`;
    html(this.claim, check.claim);
    html(this.evidence, check.may_come);
    const put = this.hears();
    if (put && said?.id === put) this.hidden = put;
    if (put) this.beliefs.did({ card: check.id, entry: put, told: "Put down." });
    const now = said ? `${said.id} ${said.after}` : "";
    if (this.shown !== now) this.draw(now, Boolean(put) || this.wasStated);
    this.report();
  }

  close() {
    this.stopListening();
    detach(this.host);
  }

  draw(now, wasAsked) {
    this.shown = now;
    this.dials = null;
    this.after = null;
    const { said } = this.data;
    if (!said) return this.ask();
    this.body.replaceChildren(...this.implied(said), ...(this.hidden === said.id ? [this.curtain(said)] : this.came(said)), this.foot());
    if (wasAsked) this.body.querySelector(this.wasStated ? ".stated" : ".implied").focus({ preventScroll: true });
    this.wasStated = false;
  }

  /** Ask for the three numbers. */
  ask() {
    this.dials = Object.fromEntries(Object.entries(ASKED).map(([name, words]) => [name, new Dial(words, () => this.commit())]));
    const mine = pending().findLast(({ kind, card }) => kind === "foresee" && card === this.data.check.id);
    for (const [name, dial] of Object.entries(this.dials)) if (mine) dial.put(mine[name]);
    if (mine) this.awaited = mine.id;
    const press = button("Put them down", "button first", () => this.commit());
    this.body.replaceChildren(...Object.values(this.dials).map(({ root }) => root), element("div", { class: "ways" }, [press]));
  }

  commit() {
    if (this.awaited) return;
    const numbers = Object.fromEntries(Object.entries(this.dials).map(([name, dial]) => [name, dial.said]));
    this.awaited = add({ kind: "foresee", card: this.data.check.id, ...numbers }, this.host).id;
  }

  /** Take in what the server has said; returns the id of three numbers that are put down. */
  hears() {
    const { awaited } = this;
    const { confirmed = [], refused = {} } = this.data;
    if (!awaited || pending().some(({ id }) => id === awaited)) return "";
    this.awaited = "";
    if (!confirmed.includes(awaited)) return ""; // another component has carried it
    const refusal = refused[awaited];
    if (refusal) (this.dials?.[refusal.field] ?? this.after)?.refuse(refusal.sentence);
    const isStated = this.after !== null;
    this.wasStated = isStated && !refusal;
    return refusal || isStated ? "" : awaited;
  }

  implied({ when, numbers, foreseen }) {
    const list = numbers.flatMap(([name, number]) => [element("dt", {}, [name]), element("dd", {}, [number])]);
    const sentences = foreseen.map((sentence) => element("p", { class: "ui" }, [sentence]));
    return [element("p", { class: "ui" }, [when]), element("dl", { class: "ui" }, list), element("div", { class: "implied", tabindex: "-1" }, sentences)];
  }

  /** The evidence is there, and waits to be looked at. */
  curtain(said) {
    const look = button("Show what came", "button first", () => {
      this.hidden = "";
      this.draw(this.shown, false);
      this.body.querySelector(".came").focus({ preventScroll: true });
    });
    return element("div", { class: "ways" }, [look]);
  }

  came({ came, implied, comment, after }) {
    const shown = html(element("div", { class: "came answer", tabindex: "-1" }), came);
    const parts = [shown, element("p", { class: "ui asks" }, [implied])];
    if (after) parts.push(element("p", { class: "ui stated", tabindex: "-1" }, [after]));
    if (comment) parts.push(html(element("div", { class: "answer comment" }), comment));
    if (after) return parts;
    this.after = new Dial("And what do you believe now?", () => this.state());
    return [...parts, this.after.root, element("div", { class: "ways" }, [button("Compare", "button", () => this.state())])];
  }

  /** Say what is believed now. */
  state() {
    if (this.awaited) return;
    const { check, said } = this.data;
    this.awaited = add({ kind: "afterwards", card: check.id, entry: said.id, said: this.after.said }, this.host).id;
  }

  foot() {
    return element("div", { class: "ui ways" }, [button("Take it back, and try other numbers", "plain", () => this.takeBack())]);
  }

  takeBack() {
    const { check, said } = this.data;
    add({ kind: "withdraw", card: check.id, entry: said.id, on: true }, this.host);
    this.beliefs.did({ card: check.id, entry: said.id, told: "Taken back.", isTakenBack: true });
    this.beliefs.focus();
  }

  part(name, content) {
    return element("div", { class: "part" }, [element("p", { class: "ui what" }, [name]), content]);
  }

  report() {
    const mine = pending().some(({ card }) => card === this.data?.check.id);
    const sentence = mine && isSlow() ? problem() || "Not saved yet" : "";
    if (this.unsaved.textContent !== sentence) this.unsaved.textContent = sentence;
  }
}

// From the book, where it has passed the gate. What is there already is left alone.
function html(host, text) {
  if (host.told === text) return host;
  host.told = text;
  host.innerHTML = text;
  typeset(host);
  reach(host);
  return host;
}
