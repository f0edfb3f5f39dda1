// What the reader has done, so that it can be taken back step by step, and done again.
//
// Each step lies in the tab's storage under a key of its own, so that a step costs the same however many came before. What is
// remembered so outlives a reload of the tab. A pause of half an hour ends it. A history without a name ends with the page.
import { forget, recall, remember } from "./storage.js";

const STEPS = 100;
const PAUSE = 30 * 60 * 1000;
const FRESH = { first: 0, here: 0, last: 0, answers: 0, at: 0 }; // steps from first to here are done, from here to last undone

export class History {
  constructor(name = "") {
    this.name = name;
    this.steps = new Map();
    this.index = { ...FRESH, ...(name && recall(name, FRESH)) };
    for (let number = this.index.first; number < this.index.last; number++) this.recall(number);
    if (Date.now() - this.index.at > PAUSE) this.end();
  }

  /** How many answers are done. */
  get answers() {
    return this.index.answers;
  }

  get canRedo() {
    return this.index.here < this.index.last;
  }

  /** The step that was done last. */
  get newest() {
    return this.steps.get(this.index.here - 1);
  }

  /** A step has been done; what was undone before it cannot be done again. */
  did(step) {
    const { first, here, last, answers } = this.index;
    for (let number = here; number < last; number++) this.forget(number);
    this.steps.set(here, step);
    if (here - first >= STEPS) this.forget(first);
    this.move({ first: Math.max(first, here + 1 - STEPS), here: here + 1, last: here + 1, answers: answers + counts(step) });
    this.amended(step);
  }

  /** Go back over the step that was done last, and return it; undefined if there is none. */
  back() {
    const step = this.newest;
    if (step) this.move({ here: this.index.here - 1, answers: this.index.answers - counts(step) });
    return step;
  }

  /** Go forth over the step that was undone last, and return it; undefined if there is none. */
  forth() {
    const step = this.steps.get(this.index.here);
    if (step) this.move({ here: this.index.here + 1, answers: this.index.answers + counts(step) });
    return step;
  }

  /** A step has changed. */
  amended(step) {
    if (!this.name) return;
    for (const [number, other] of this.steps) if (other === step) remember(`${this.name}.${number}`, step);
  }

  move(changes) {
    this.index = { ...this.index, ...changes, at: Date.now() };
    if (this.name) remember(this.name, this.index);
  }

  recall(number) {
    const step = recall(`${this.name}.${number}`, null);
    if (step) this.steps.set(number, step);
    else this.index.first = number + 1; // the storage was full: what came before it cannot be reached
  }

  forget(number) {
    this.steps.delete(number);
    if (this.name) forget(`${this.name}.${number}`);
  }

  end() {
    for (const number of this.steps.keys()) this.forget(number);
    this.index = { ...FRESH };
  }
}

const counts = (step) => (step.kind === "answer" ? 1 : 0);
