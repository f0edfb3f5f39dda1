// The pictures of a slider's whole range, fetched before they are needed, so that a drag asks nobody. The format is
// in sim/scrub.py and sim/packing.py. What has not come yet, or never comes, is nothing lost: the panel asks for each picture then.
import { bytes } from "./arrays.js";
import { range } from "./requests.js";

const LEVELS = 65534;
const IDLE = 2000; // ms after which an idle moment is no longer waited for

/** One array of a column: neighbours' differences back to values. */
function unscaled({ lengths, lows, highs }, deltas, row, offset) {
  const values = new Float32Array(lengths[row]);
  const each = (highs[row] - lows[row]) / LEVELS;
  let level = 0;
  for (let index = 0; index < values.length; index++) {
    level = (level + deltas[offset + index]) & 0xffff;
    values[index] = level > LEVELS ? NaN : lows[row] + each * level;
  }
  return values;
}

class Column {
  constructor(column) {
    this.column = column;
    this.deltas = new Uint16Array(bytes(column.deltas).buffer);
    this.offsets = [0];
    for (const length of column.lengths) this.offsets.push(this.offsets.at(-1) + length);
  }

  at(row) {
    return unscaled(this.column, this.deltas, row, this.offsets[row]);
  }
}

const isColumn = (part) => part !== null && typeof part === "object" && "deltas" in part;

/** A part as it was packed, with its arrays as arrays again. */
function unpacked(part) {
  if (part === null || typeof part !== "object") return part;
  if (isColumn(part)) return new Column(part).at(0);
  if (Array.isArray(part)) return part.map(unpacked);
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, unpacked(item)]));
}

/** A tree with one part replaced; what does not lie on the way there is shared with the original. */
function withPart(tree, path, value, depth = 0) {
  if (depth === path.length) return value;
  const copy = Array.isArray(tree) ? [...tree] : { ...tree };
  copy[path[depth]] = withPart(tree[path[depth]], path, value, depth + 1);
  return copy;
}

// A browser allows a server six connections, and ranges are computed one at a time: two are enough for all panels of a page.
let interest; // the last one that a reader has shown an interest in
let idling = Promise.resolve(); // those that nobody waits for, one after another

/** All pictures of one slider. */
export class Pictures {
  constructor({ positions, errors, common, varying }) {
    this.positions = positions;
    this.errors = errors;
    this.common = unpacked(common);
    this.varying = varying.map(([path, column]) => [path, isColumn(column) ? new Column(column) : { at: (row) => unpacked(column[row]) }]);
  }

  /** The picture for a value, or `{error}`; undefined if the slider has no such position. */
  at(value) {
    const place = this.positions.indexOf(value);
    if (place < 0) return undefined;
    if (this.errors[place]) return { error: this.errors[place] };
    const row = this.errors.slice(0, place).filter((error) => error === null).length;
    return this.varying.reduce((tree, [path, column]) => withPart(tree, path, column.at(row)), this.common);
  }
}

/** The range that the reader is interested in, and how it comes here. */
export class Scrub {
  /** @param names the settings that have a range; @param homes where their thumbs stood at first */
  constructor(toy, names, homes) {
    this.toy = toy;
    this.names = new Set(names);
    this.homes = homes;
    this.ranges = new Map();
  }

  /** What a range depends on: the other settings and the seed. */
  about(name, settings, seed) {
    const { [name]: moved, ...others } = settings;
    return JSON.stringify([others, seed]);
  }

  /** The reader may be about to move this: fetch its range, instead of what an earlier interest is still waiting for. */
  want(name, settings, seed) {
    const mine = this.prepare(name, settings, seed);
    if (!mine) return;
    interest?.abort();
    interest = mine.hangUp;
  }

  /** Fetch the range of a setting, unless it is here or on its way; one for other settings is dropped. */
  prepare(name, settings, seed) {
    if (!this.names.has(name)) return undefined;
    const about = this.about(name, settings, seed);
    const there = this.ranges.get(name);
    if (there?.about === about) return undefined;
    there?.hangUp.abort();
    const mine = { about, hangUp: new AbortController() };
    this.ranges.set(name, mine);
    const asked = { ...settings, [name]: this.homes[name] };
    mine.over = range(this.toy, name, asked, seed, mine.hangUp.signal).then(
      (answer) => (mine.pictures = new Pictures(answer)),
      () => this.ranges.get(name) === mine && this.ranges.delete(name), // the panel's own requests will say why
    );
    return mine;
  }

  /** The picture for these settings if it is here. */
  picture(name, settings, seed) {
    const there = this.ranges.get(name);
    if (there?.about !== this.about(name, settings, seed)) return undefined;
    return there.pictures?.at(settings[name]);
  }

  remove() {
    this.gone = true;
    clearTimeout(this.waiting);
    for (const { hangUp } of this.ranges.values()) hangUp.abort();
  }

  /** Fetch a range once the machine has nothing better to do; `present` gives its name, settings and seed then. */
  whenIdle(present) {
    if (navigator.connection?.saveData) return;
    const fetched = async () => {
      await idle();
      if (!this.gone) await this.prepare(...present())?.over;
    };
    this.waiting = setTimeout(() => (idling = idling.then(fetched)), IDLE);
  }
}

function idle() {
  const later = window.requestIdleCallback ?? ((then) => setTimeout(then, IDLE));
  return new Promise((resolve) => later(resolve, { timeout: IDLE }));
}
