// "Break this claim": settings that contradict the section, saved with a note and listed under the simulation.
import { h } from "./dom.js";
import { token } from "./outbox.js";
import { settingsInWords } from "./words.js";

export class Counterexamples {
  /**
   * @param longest characters that a note may have
   * @param names setting → title and unit
   * @param movable the settings that the reader may move
   * @param present gives { settings, seed } at the moment of the press
   * @param tell hands a message to the server; resolves to a sentence that says why it was not kept, or ""
   * @param show told { settings, seed } to put in place
   * @param failed told a sentence where one could not be removed or put back, or "" when it was
   */
  constructor(id, { longest, names, movable, present, tell, show, failed }) {
    Object.assign(this, { names, movable, present, tell, show, failed });
    this.kept = [];
    this.removed = new Map(); // client id → its place in the list, until the page is left
    this.opener = h("button", { class: "plain", type: "button", "aria-expanded": "false", onclick: () => this.toggle() }, "Break this claim");
    this.note = h("input", { class: "field note", id: `${id}-note`, maxlength: longest, autocomplete: "off", "aria-describedby": `${id}-note-trouble` });
    this.trouble = h("p", { class: "trouble", id: `${id}-note-trouble`, role: "alert" });
    this.button = h("button", { class: "button", type: "submit" }, "Save");
    this.about = h("p", { class: "quiet" });
    this.form = h(
      "form",
      { class: "breaking", hidden: true, novalidate: true },
      h("label", { for: this.note.id }, "What do these settings contradict in this section?"),
      h("span", { class: "entry" }, this.note, this.button, h("button", { class: "plain", type: "button", onclick: () => this.toggle() }, "Cancel")),
      this.about,
      this.trouble,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.form.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle());
    this.said = h("p", { class: "hidden-visually", role: "status" });
    this.list = h("ul", { "aria-label": "Settings that break the claim" });
    this.listed = h("div", { class: "broken", hidden: true }, h("p", { class: "quiet" }, "Settings that break the claim"), this.list);
    this.element = h("div", { class: "breaks" }, this.form, this.listed, this.said);
  }

  toggle() {
    const opens = this.form.hidden;
    this.form.hidden = !opens;
    this.opener.setAttribute("aria-expanded", String(opens));
    this.follow();
    (opens ? this.note : this.opener).focus();
  }

  /** Say in the open form which settings would be saved. */
  follow() {
    if (this.form.hidden) return;
    const { settings, seed } = this.present();
    this.about.textContent = settingsInWords(this.own(settings), seed, this.names);
  }

  async save() {
    if (this.saving) return;
    const note = this.note.value.trim();
    this.fail(note ? "" : "Say in a few words what these settings contradict.");
    if (!note) return;
    const { settings, seed } = this.present();
    // The same words about the same settings are the same one, however often they have to be sent.
    const what = JSON.stringify([note, settings, seed]);
    if (this.tried?.what !== what) this.tried = { what, id: token() };
    this.saving = this.button.disabled = true;
    const problem = await this.tell({ kind: "counterexample", id: this.tried.id, settings, seed, note });
    this.saving = this.button.disabled = false;
    this.fail(problem);
    if (problem) return;
    this.tried = undefined;
    this.note.value = "";
    this.said.textContent = "Saved.";
    this.toggle();
  }

  fail(sentence) {
    this.trouble.textContent = sentence;
    this.note.setAttribute("aria-invalid", String(Boolean(sentence)));
    if (sentence) this.note.focus();
  }

  /** Take in what the server keeps, oldest first. */
  update(kept) {
    const before = JSON.stringify(this.kept);
    this.kept = kept;
    if (JSON.stringify(kept) !== before) this.draw();
  }

  draw() {
    const rows = this.kept.map((one) => this.row(one));
    for (const [id, place] of this.removed) {
      if (!this.kept.some((one) => one.client_id === id)) rows.splice(place, 0, this.gap(id));
    }
    this.list.replaceChildren(...rows);
    this.listed.hidden = !rows.length;
  }

  row({ client_id: id, note, settings, seed }) {
    const own = this.own(settings);
    return h(
      "li",
      { "data-id": id },
      h("span", { class: "words" }, note),
      h("span", { class: "quiet" }, settingsInWords(own, seed, this.names)),
      plain("Show", `Show: ${note}`, () => this.show({ settings: own, seed })),
      plain("Remove", `Remove: ${note}`, () => this.change("withdraw", id)),
    );
  }

  gap(id) {
    return h("li", { class: "quiet", "data-id": id }, "Removed.", plain("Undo", undefined, () => this.change("restore", id)));
  }

  async change(kind, about) {
    if (kind === "withdraw") this.removed.set(about, this.kept.findIndex((one) => one.client_id === about));
    const problem = await this.tell({ kind, id: token(), about });
    this.failed(problem);
    if (!problem) this.list.querySelector(`[data-id="${CSS.escape(about)}"] button`)?.focus();
  }

  own(settings) {
    return Object.fromEntries(this.movable.filter((name) => name in settings).map((name) => [name, settings[name]]));
  }
}

const plain = (words, label, onclick) => h("button", { class: "plain", type: "button", "aria-label": label, onclick }, words);
