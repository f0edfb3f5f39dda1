// What was said, what is so, and how far apart they are: the parts of a few short sentences.
import { h } from "./dom.js";
import { holds, intervalScore, logRatio, missed, penalty } from "./score.js";
import { amount, distance, number, quantity } from "./words.js";

/**
 * @param predict unit, kind, confidence, choices
 * @param said { value }, { low, high } or { choice }; null if the reader asked to be shown
 * @param truth the exact answer for the present settings
 * @param isAbout whether the guess was about these settings
 */
export function verdict(predict, said, truth, isAbout) {
  const exact = h("b", {}, quantity(truth, predict.unit));
  if (!isAbout) return ["With these settings the exact answer is ", exact, "."];
  if (said === null) return ["The exact answer is ", exact, "."];
  return JUDGED[predict.kind](predict, said, truth, exact);
}

const JUDGED = {
  number({ unit }, { value }, truth, exact) {
    const score = logRatio(value, truth);
    return [
      "You said ",
      h("b", {}, quantity(value, unit)),
      ". The exact answer is ",
      exact,
      `: ${distance(value, truth, unit)}.`,
      score ? ` Log-ratio score: ${number(score)}; 0 is exact.` : "",
    ];
  },

  interval({ unit, confidence }, { low, high }, truth, exact) {
    const miss = missed(low, high, truth);
    const side = truth < low ? "below" : "above";
    const score = amount(intervalScore(low, high, truth, confidence), unit);
    return [
      "You said ",
      h("b", {}, `${quantity(low, unit === "share" ? unit : "")} to ${quantity(high, unit)}`),
      `, ${number(100 * confidence)}% sure. The exact answer is `,
      exact,
      miss ? `, ${side} it. ` : ", within it. ",
      miss
        ? `Interval score: ${score}, its width and ${number(penalty(confidence))} times the miss; lower is better.`
        : `Interval score: ${score}, its width; lower is better.`,
    ];
  },

  choice({ choices }, { choice }, truth, exact) {
    const right = holds(choices[choice], truth);
    return ["You chose ", h("b", {}, choices[choice].words), ". The exact answer is ", exact, right ? ": right." : ": wrong."];
  },
};
