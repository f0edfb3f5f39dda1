// The grade that follows from a guess, and why. The rules are those of cards/predict/tolerance.py, which has the last word.
const [FORGOT, HARD, GOOD, EASY] = [1, 2, 3, 4];
const SLACK = 1e-9; // of a number's size

/**
 * The grade that a guess comes to.
 * @param quiz truth, tolerance, within
 * @param said { value } or { low, high }; null if the reader passed
 * @param two whether there are two grades, or four
 */
export function follows(quiz, said, two) {
  const [rating, why] = ofFour(quiz, said);
  return { rating: two ? (rating >= GOOD ? GOOD : FORGOT) : rating, why };
}

function ofFour({ truth, tolerance: exact, within }, said) {
  if (!said) return [FORGOT, "You passed"];
  const slack = SLACK * Math.abs(truth);
  const tolerance = exact * (1 + SLACK) + slack;
  return "value" in said ? ofNumber(Math.abs(said.value - truth), tolerance, within) : ofInterval(said, truth, tolerance, slack, within);
}

function ofNumber(off, tolerance, within) {
  if (off <= tolerance / 4) return [EASY, `Within a quarter of ${within}`];
  if (off <= tolerance) return [GOOD, `Within ${within}`];
  return off <= 2 * tolerance ? [HARD, `Within twice ${within}`] : [FORGOT, `Off by more than twice ${within}`];
}

function ofInterval({ low, high }, truth, tolerance, slack, within) {
  const half = (high - low) / 2;
  const missed = Math.max(low - truth, truth - high, 0);
  if (missed > slack) {
    if (missed > tolerance) return [FORGOT, `It misses by more than ${within}`];
    return half <= 2 * tolerance ? [HARD, `It misses by less than ${within}`] : [FORGOT, "It is wide, and misses all the same"];
  }
  if (half <= tolerance / 2) return [EASY, "It holds the answer, and is narrow"];
  if (half <= 2 * tolerance) return [GOOD, "It holds the answer"];
  return half <= 4 * tolerance ? [HARD, "It holds the answer, and is wide"] : [FORGOT, "It holds the answer, and is too wide to say much"];
}
