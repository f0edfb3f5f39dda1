// Numbers and sentences of a panel.

/** "2,500", "0.0123", "62.5": no more digits than a reader can use. */
export function number(value) {
  const options = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return value.toLocaleString("en-GB", options);
}

/** A number with its unit; a "share" is a part of 1, and is said in percent. Text is said as it is. */
export function quantity(value, unit) {
  if (typeof value === "string") return value;
  if (unit === "share") return `${number(100 * value)}%`;
  const said = number(value);
  return unit ? `${said} ${Math.abs(Number(said)) === 1 ? singular(unit) : unit}` : said;
}

const ONE_OF = { lives: "life", "standard errors": "standard error" };

/** What one of them is called: "point", "life". */
function singular(unit) {
  return ONE_OF[unit] ?? unit.replace(/s$/, "");
}

/** A measured number with its standard error, to the error's first digit: "2,503 ± 14", "50.2% ± 0.4%". */
export function plusMinus(value, error, unit) {
  const percent = unit === "share";
  const times = percent ? 100 : 1;
  const places = error > 0 ? Math.min(Math.max(-Math.floor(Math.log10(times * error)), 0), 12) : 4;
  const options = { minimumFractionDigits: error > 0 ? places : 0, maximumFractionDigits: places };
  const said = (part) => (times * part).toLocaleString("en-GB", options) + (percent ? "%" : "");
  return `${said(value)} ± ${said(error)}`;
}

/** What a reader has typed, as a number: "2,500", "2 500", "40%", "1e4". NaN if it is none. */
export function typed(text) {
  const plain = text.trim().replace(/[\s,_\u2009\u202f]/g, "").replace("\u2212", "-");
  const percent = plain.endsWith("%");
  const digits = percent ? plain.slice(0, -1) : plain;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits)) return NaN;
  const value = Number(digits) / (percent ? 100 : 1);
  return Number.isFinite(value) ? value : NaN;
}

/** How far a guess was off, as the end of a sentence. */
export function distance(guess, truth, unit) {
  if (Math.abs(guess - truth) <= 1e-9 * Math.max(Math.abs(guess), Math.abs(truth))) return "exactly right";
  const side = guess < truth ? "too low" : "too high";
  if (guess * truth <= 0) return `${quantity(Math.abs(guess - truth), unit)} ${side}`;
  const factor = Math.max(guess / truth, truth / guess);
  if (factor < 1.005) return "right, to within half a percent";
  if (factor < 2) return `${Math.round(100 * Math.abs(guess / truth - 1))}% ${side}`;
  return `${side} by a factor of ${factor < 10 ? Number(factor.toPrecision(2)) : number(Number(factor.toPrecision(3)))}`;
}

/** "about 40 seconds left", coarse, because it is an estimate. */
export function timeLeft(seconds) {
  if (seconds < 1.5) return "a second left";
  if (seconds < 10) return `about ${Math.round(seconds)} seconds left`;
  if (seconds < 90) return `about ${5 * Math.round(seconds / 5)} seconds left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}

/** Whether two sets of settings are the same, to the last digit that survives a journey as text. */
export function same(some, others) {
  const names = Object.keys(some);
  const close = (name) => some[name] === others[name] || Math.abs(some[name] - others[name]) <= 1e-9 * Math.abs(some[name]);
  return names.length === Object.keys(others).length && names.every(close);
}

/** Whether the settings that are named in both are the same. */
export function alike(some, others) {
  return same(some, Object.fromEntries(Object.keys(some).map((name) => [name, others[name]])));
}

/** A difference or a size: of shares, in percentage points. */
export function amount(value, unit) {
  return unit === "share" ? `${number(100 * value)} points` : quantity(value, unit);
}

/** "Start 20%, Step 5%, Walkers 5,000, seed 7" */
export function settingsInWords(settings, seed, names) {
  const said = Object.entries(settings).map(([name, value]) => {
    const { title, unit } = names[name];
    return `${title} ${quantity(value, unit === title.toLowerCase() ? "" : unit)}`;
  });
  return [...said, `seed ${seed}`].join(", ");
}

/** What to call a file of these settings, without an ending; as in sim/table.py. */
export function fileName(toy, settings, seed) {
  const inAName = (value) => (typeof value === "string" ? value.replaceAll(" ", "-") : Number(value.toPrecision(6)));
  const said = Object.entries(settings).map(([name, value]) => `${name}=${inAName(value)}`);
  return [toy, ...said, `seed=${seed}`].join("_");
}
