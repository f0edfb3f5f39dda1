// This sitting: how many answers it holds, and those that can be taken back, newest last, each with its card as it was.
// A sitting outlives a reload of the tab. A pause of half an hour ends it.
import { recall, remember } from "./storage.js";

const STEPS = 30;
const PAUSE = 30 * 60 * 1000;
const FRESH = { done: 0, steps: [], at: 0 };

let sitting = recall("sitting", FRESH);
if (Date.now() - sitting.at > PAUSE) sitting = FRESH;

/** How many answers this sitting holds. */
export const done = () => sitting.done;

/** Count an answer, and remember it so that it can be taken back. */
export function answered(answer, card) {
  keep(sitting.done + 1, [...sitting.steps, { answer, card }].slice(-STEPS));
}

/** The newest answer that has not been taken back; it is taken off the count. Undefined if there is none. */
export function takeBack() {
  const last = sitting.steps.at(-1);
  if (last) keep(sitting.done - 1, sitting.steps.slice(0, -1));
  return last;
}

function keep(count, steps) {
  sitting = { done: count, steps, at: Date.now() };
  remember("sitting", sitting);
}
