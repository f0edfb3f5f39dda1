// The claim that is open: its path, what it comes to, its entries, and all that can be done to it.
import { element } from "./element.js";
import { asking, button } from "./asking.js";
import { Unheard } from "./browse_server.js";
import { newId } from "./ids.js";
import { drafts, entries } from "./ledger_entries.js";
import { figure } from "./ledger_figure.js";
import { outcomes, TAKE_BACK } from "./outcomes.js";
import { DRAFT, Form, labelled, WriteForm } from "./ledger_write.js";

export class Opened {
  /** @param ledger does what is asked for, says so, and has the server */
  constructor(ledger) {
    this.ledger = ledger;
    this.id = "";
    this.root = element("div", { class: "opened" });
  }

  close() {
    this.plot?.remove();
    this.plot = null;
  }

  /** Open a claim; resolves when it is there. */
  async show(id) {
    this.shut();
    this.id = id;
    this.form = this.entryForm();
    this.head = element("div", { class: "head" });
    this.path = element("div", { class: "path" });
    this.past = element("div", { class: "past" });
    this.deeds = element("div", { class: "deeds" });
    this.root.replaceChildren(this.head, this.path, this.form.root, this.past, this.deeds);
    this.form.root.hidden = true;
    await this.load();
    this.ledger.claims.mark();
  }

  /** Load it again, since something of it has changed; what is being typed stays. */
  async load() {
    const { id } = this;
    try {
      const claim = await this.ledger.server.get("claim", { id });
      if (this.id === id) this.draw(claim);
    } catch (error) {
      if (this.id === id) this.ledger.say(error.message, "Try again", () => (this.ledger.say(""), this.load()));
    }
  }

  shut() {
    this.close();
    this.id = this.drawn = "";
    this.root.replaceChildren();
    this.root.remove();
  }

  /** Put the cursor where a credence is typed. */
  ask() {
    this.number.focus();
  }

  draw(claim) {
    this.claim = claim;
    const place = claim.place ? [element("a", { href: claim.place }, ["Its place in the book"])] : [];
    const text = claim.text === claim.row.text ? [] : [element("p", { class: "whole" }, [claim.text])];
    const turned = claim.turned ? [element("p", { class: "turned" }, [claim.turned])] : [];
    this.head.replaceChildren(...text, ...turned, ...place.map((link) => element("p", { class: "ui" }, [link])));
    this.picture(claim.picture);
    if (claim.measured.length) this.path.append(element("p", { class: "ui measured" }, [claim.measured.join(" ")]));
    this.form.root.hidden = claim.settled || claim.gone;
    this.again.closest("label").hidden = !claim.entries.length;
    this.past.replaceChildren(...entries(claim, (deed) => this.ledger.do(deed), drafts(this.past)));
    this.deeds.replaceChildren(this.outcomes(claim), ...this.changes(claim));
  }

  picture(picture) {
    const drawn = JSON.stringify(picture);
    if (drawn === this.drawn) {
      this.path.querySelector(".measured")?.remove();
      return;
    }
    this.drawn = drawn;
    this.close();
    this.path.replaceChildren();
    if (!picture) return;
    const place = element("div");
    this.path.append(place);
    this.ledger.claims.mark(); // a figure is drawn where it stands
    this.plot = figure(place, picture, this.ledger.shared);
  }

  entryForm() {
    this.number = element("input", { class: "field number", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: "50, 1/3, no idea", "aria-label": "How likely is it now? In percent, as a fraction, or “no idea”" });
    this.note = element("textarea", { class: "field", rows: "1", maxlength: "2000" });
    this.again = element("input", { type: "checkbox" });
    this.entry = newId();
    const form = new Form([this.number], "Put it down", () => this.put());
    form.root.classList.add("entry");
    form.root.append(
      labelled("How likely is it now?", this.number),
      labelled("Why, if you like", this.note),
      element("label", { class: "again" }, [this.again, "Nothing new since the last: a repeat rating, which shows how noisy your numbers are"]),
      form.ways,
      form.trouble,
    );
    return form;
  }

  async put() {
    const { form, entry } = this;
    try {
      await this.ledger.do({ deed: "credence", id: entry, claim: this.id, text: this.number.value, note: this.note.value, repeat: this.again.checked });
    } catch (error) {
      if (!(error instanceof Unheard) && this.entry === entry) this.entry = newId(); // what was refused is another entry when it is mended
      throw error;
    }
    if (this.form !== form) return; // another claim has been opened meanwhile
    this.entry = newId();
    this.number.value = this.note.value = "";
    this.again.checked = false;
    this.number.focus({ preventScroll: true });
  }

  outcomes(claim) {
    const trouble = element("p", { class: "trouble", role: "alert" });
    const say = (outcome) => this.try(trouble, { deed: "resolve", id: newId(), claim: claim.row.id, outcome });
    const ways = claim.mine
      ? [button(TAKE_BACK, "button", () => say("open"))]
      : outcomes(({ outcome }) => say(outcome));
    const asked = claim.settled ? "Do you see it otherwise?" : "How did it turn out?"; // the learner's word stands before the author's
    const words = claim.mine ? [] : [element("span", { class: "asked" }, [asked])];
    return element("div", { class: "outcomes ui", role: "group", "aria-label": "How did it turn out?" }, [...words, element("span", { class: "ways" }, ways), trouble]);
  }

  async try(trouble, deed) {
    try {
      trouble.textContent = "";
      await this.ledger.do(deed);
    } catch (error) {
      trouble.textContent = error.message;
    }
  }

  changes(claim) {
    const made = [];
    const begun = this.deeds.querySelector(`.changing:has(${DRAFT})`); // what is being written stays
    if (claim.own) made.push(begun ?? this.changing(claim));
    if (claim.held) made.push(this.deleting(claim));
    return made;
  }

  changing(claim) {
    const root = element("div", { class: "changing" });
    const closed = () => root.replaceChildren(button("Change the claim", "button", open));
    const open = () => {
      const leave = () => (closed(), root.firstChild.focus({ preventScroll: true }));
      const form = new WriteForm((changed) => this.ledger.do({ deed: "write", ...changed }), { id: claim.row.id, text: claim.text, by: claim.by }, leave);
      root.replaceChildren(form.root);
      form.text.focus({ preventScroll: true });
    };
    closed();
    return root;
  }

  deleting(claim) {
    const said = claim.entries.length === 1 ? "1 credence" : `${claim.entries.length} credences`;
    const what = claim.own ? `this claim and its ${said}` : `your ${said} in this claim, and what you said of how it turned out`;
    const question = `Delete for good ${what}? It cannot be brought back from here.`;
    return asking("Delete for good", question, "Delete it", async () => {
      await this.ledger.do({ deed: "forget", claim: claim.row.id });
      this.shut();
      this.ledger.claims.heading.focus({ preventScroll: true });
    });
  }
}
