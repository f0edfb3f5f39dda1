// Predict, then run: the question that covers the figure, what was said, and how it did.
import { h } from "./dom.js";
import { doubt } from "./doubt.js";
import { question } from "./guess.js";
import { token } from "./outbox.js";
import { verdict } from "./verdict.js";
import { same } from "./words.js";

export class Prediction {
  /**
   * @param data predict: what is asked; guess: what was said on an earlier visit, if anything
   * @param tell hands a message to the server; resolves to a sentence that says why it was not kept, or ""
   */
  constructor({ id, predict, guess }, tell) {
    Object.assign(this, { id, predict, guess, tell });
    this.verdict = h("p", { tabindex: -1 });
    this.unkept = h("p", { class: "trouble", role: "alert" });
  }

  /** Put the question over a picture that is still hidden; `done` is called when it has been answered, or declined. */
  ask(picture, done) {
    const commit = (said) => {
      this.commit(said, picture);
      this.form.remove();
      done();
      this.verdict.focus({ preventScroll: true }); // the form that had it is gone
    };
    const check = (value) => doubt(this.predict, value, picture.facts[this.predict.fact]);
    this.form = question(this.id, this.predict, { check, commit, skip: () => commit(null) });
    return this.form;
  }

  commit(said, { settings, seed }) {
    this.guess = { said, settings };
    this.keep({ kind: "guess", id: token(), settings, seed, said, at: Date.now() });
  }

  /** Tell of a guess; one that could not be kept can be told again, and is the same one. */
  async keep(message) {
    const problem = await this.tell(message);
    const again = () => {
      this.unkept.replaceChildren();
      this.keep(message);
    };
    const retry = h("button", { class: "plain", type: "button", onclick: again }, "Keep my guess");
    this.unkept.replaceChildren(...(problem ? [problem, " ", retry] : []));
  }

  /** Hold what was said against what is so. */
  judge({ facts, settings }) {
    const isAbout = this.guess && same(this.guess.settings, settings);
    this.verdict.replaceChildren(...verdict(this.predict, this.guess?.said ?? null, facts[this.predict.fact], isAbout));
  }
}
