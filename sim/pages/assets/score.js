// How far off a guess was, by the rules of sim/score.py: the lower the better, and 0 is perfect.

const EXACT = 1e-9;

/** |ln(guess / truth)|; undefined where the two have no ratio above 0. */
export function logRatio(guess, truth) {
  if (guess === truth) return 0;
  if (guess * truth <= 0) return undefined;
  return Math.abs(Math.log(Math.abs(guess)) - Math.log(Math.abs(truth)));
}

/** How far outside an interval the truth lies. */
export const missed = (low, high, truth) => Math.max(low - truth, truth - high, 0);

/** What each unit of a miss costs, next to a unit of width. */
export const penalty = (confidence) => 2 / (1 - confidence);

export function intervalScore(low, high, truth, confidence) {
  return high - low + penalty(confidence) * missed(low, high, truth);
}

/** Whether the truth lies within, ends included; an end that is null is open. */
export function holds({ low, high }, truth) {
  const slack = EXACT * Math.abs(truth);
  return (low ?? -Infinity) - slack <= truth && truth <= (high ?? Infinity) + slack;
}
