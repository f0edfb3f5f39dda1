// Redraws a figure that Plotly has drawn, where only numbers and words are new: a few milliseconds instead of a
// few dozen. Plotly draws the first picture, whatever has another make, another size and another theme; what is
// changed here are the very nodes that it made, and nothing else. Whatever this file does not know it refuses.
import { numbers } from "./arrays.js";

const LINE_BREAK = /<br\s*\/?>/i;
const LABEL_PAD = 2; // px between an annotation's place and its words: Plotly's border and its padding
const NOTHING = "M0,0";
const KNOWN_AXES = new Set(["linear", "log"]);
const TENTHS = 10; // a path's coordinates have one decimal, as a screen shows no more

const tenth = (pixels) => Math.round(TENTHS * pixels) / TENTHS;
const isAxis = (key) => /^[xy]axis\d*$/.test(key);
const axisKey = (id) => `${id[0]}axis${id.slice(1)}`;

/** What of a figure has to stay the same for its nodes to be of use: all but numbers, words, and bars' colours. */
function make({ data, layout }) {
  const traces = data.map(({ x, y, base, width, marker, line, ...rest }) => {
    const { color, ...look } = marker ?? {};
    return [rest, look, Array.isArray(color) || color, { ...line, shape: 0 }];
  });
  const parts = Object.entries(layout).map(([key, part]) => {
    if (isAxis(key)) return [key, { ...part, range: 0, tickvals: 0, ticktext: 0 }];
    if (key === "annotations") return part.map(({ x, y, text, ...rest }) => [rest, text.split(LINE_BREAK).length]);
    if (key === "shapes") return part.map(({ x0, x1, y0, y1, ...rest }) => rest);
    return [key, part];
  });
  return JSON.stringify([traces, parts]);
}

/**
 * Numbers of an axis to pixels of the figure; Plotly's own place and length. On a logarithmic axis the range, and
 * what annotations say, are exponents; everything else says numbers.
 */
class Scale {
  constructor({ _id: id, _offset: offset, _length: length, type }, [low, high]) {
    Object.assign(this, { id, offset, length, low, high, along: id.startsWith("x"), logarithmic: type === "log" });
  }

  reading(value) {
    return this.logarithmic ? Math.log10(value) : value;
  }

  at(reading) {
    const share = (reading - this.low) / (this.high - this.low);
    return this.length * (this.along ? share : 1 - share);
  }

  inside(value) {
    return this.at(this.reading(value));
  }

  pixel(value) {
    return this.offset + this.inside(value);
  }
}

export class Repaint {
  /** @param place where Plotly has just drawn @param figure what; @param shade the page's present value of a colour */
  constructor(place, figure, shade) {
    this.place = place;
    this.figure = figure;
    this.shade = shade;
    this.make = make(figure);
    this.full = place._fullLayout;
    this.touched = false;
    // Where the axes are tied to one another, their ranges are not those that were given.
    this.tied = Object.entries(figure.layout).some(([key, axis]) => isAxis(key) && axis.scaleanchor);
    this.traces = new Map();
    for (const node of place.querySelectorAll(".scatterlayer > .trace, .barlayer > .trace")) {
      this.traces.set(node.__data__[0].trace.index, node);
    }
    this.shapes = byIndex(place.querySelectorAll(".shape-group > path"));
    this.labels = byIndex(place.querySelectorAll(".annotation"));
    this.heights = (figure.layout.annotations ?? []).map((label, index) => this.heightOf(label, index));
  }

  /** Redraw; says whether it could. If it could not, the nodes are Plotly's to make anew. */
  paint(figure) {
    if (make(figure) !== this.make) return false;
    this.touched = true;
    const { data, layout } = figure;
    this.scales = {};
    const done =
      Object.keys(layout).filter(isAxis).every((key) => this.axis(key, layout[key])) &&
      data.every((trace, index) => this.trace(trace, index)) &&
      (layout.shapes ?? []).every((shape, index) => this.shape(shape, index)) &&
      (layout.annotations ?? []).every((label, index) => this.label(label, index));
    if (done) this.figure = figure;
    return done;
  }

  axis(key, axis) {
    const full = this.full[key];
    const before = this.figure.layout[key];
    const same = (name) => String(axis[name]) === String(before[name]);
    const still = same("range");
    if (!axis.range || (this.tied && !still) || !KNOWN_AXES.has(full.type)) return false;
    const scale = new Scale(full, this.tied ? full.range : axis.range);
    this.scales[full._id] = scale;
    if ((still && same("tickvals") && same("ticktext")) || !full.visible) return true;
    return this.ticks(scale, axis, full);
  }

  ticks(scale, { tickvals, ticktext }, full) {
    const labels = [...this.place.querySelectorAll(`.${scale.id}tick > text`)];
    const lines = [...this.place.querySelectorAll(`.${scale.id}grid`)];
    if (!tickvals) return !labels.length && !lines.length; // Plotly chooses them
    const shown = tickvals.map((value, index) => [value, ticktext?.[index]]).filter(([value]) => scale.reading(value) >= scale.low && scale.reading(value) <= scale.high);
    const move = (node, value) => node.setAttribute("transform", scale.along ? `translate(${scale.pixel(value)},0)` : `translate(0,${scale.pixel(value)})`);
    const inner = shown.filter(([value]) => scale.inside(value) > 1 && scale.inside(value) < scale.length - 1); // as Plotly has it
    if (full.showgrid && !fit(lines, inner.length)) return false;
    lines.forEach((line, index) => move(line, inner[index][0]));
    if (!full.showticklabels) return true;
    if (!ticktext || !fit(labels, shown.length, (text) => text.parentNode)) return false;
    return labels.every((text, index) => {
      move(text, shown[index][0]);
      return say(text, String(shown[index][1]));
    });
  }

  trace(trace, index) {
    const node = this.traces.get(index);
    const x = numbers(trace.x);
    const y = numbers(trace.y);
    if (!node) return !x.length; // Plotly makes no node for an empty trace
    const across = this.scales[trace.xaxis ?? "x"];
    const up = this.scales[trace.yaxis ?? "y"];
    if (trace.type === "bar") return this.bars(node, trace, x, y, across, up);
    if (trace.type !== "scatter") return false;
    if (trace.mode === "markers") return dots(node, x, y, across, up);
    return trace.mode === "lines" && line(node, trace, x, y, across, up);
  }

  bars(node, { width, base, marker, orientation }, x, y, across, up) {
    const bars = [...node.querySelectorAll(".point > path")];
    if (orientation === "h" || !fit(bars, x.length, (bar) => bar.parentNode)) return false;
    const wide = numbers(width);
    const from = numbers(base);
    bars.forEach((bar, index) => {
      const half = (wide[index] ?? width) / 2;
      const foot = from[index] ?? base ?? 0;
      const [left, right] = [across.inside(x[index] - half), across.inside(x[index] + half)];
      const outline = `M${left},${up.inside(foot)}V${up.inside(foot + y[index])}H${right}V${up.inside(foot)}Z`;
      bar.setAttribute("d", y[index] ? outline : `${NOTHING}Z`);
      if (Array.isArray(marker.color)) bar.style.fill = this.shade(marker.color[index]);
    });
    return true;
  }

  /** Pixels of a coordinate that may be on an axis or a share of the figure. */
  pixel(value, reference, along) {
    if (reference && reference !== "paper") return this.scales[reference].pixel(value);
    const { l, t, w, h } = this.full._size;
    return along ? l + w * value : t + h * (1 - value);
  }

  /** Pixels of where an annotation stands. */
  standing(reading, reference, along) {
    const scale = this.scales[reference];
    return scale ? scale.offset + scale.at(reading) : this.pixel(reading, reference, along);
  }

  shape({ type, x0, x1, y0, y1, xref = "x", yref = "y" }, index) {
    const node = this.shapes.get(index);
    if (!node || (type !== "line" && type !== "rect")) return false;
    const [left, right] = [x0, x1].map((value) => this.pixel(value, xref, true));
    const [from, to] = [y0, y1].map((value) => this.pixel(value, yref, false));
    node.setAttribute("d", type === "line" ? `M${left},${from}L${right},${to}` : `M${left},${from}H${right}V${to}H${left}Z`);
    return true;
  }

  /** How far above an annotation's place its words begin: Plotly measured them, and their height stays. */
  heightOf({ y, yref = "y", yshift = 0 }, index) {
    const group = this.labels.get(index)?.querySelector(".cursor-pointer");
    if (!group) return 0;
    const top = group.transform.baseVal.consolidate().matrix.f;
    return top - (yref === "paper" ? this.pixel(y, yref, false) : this.full[axisKey(yref)]._offset + this.full[axisKey(yref)].r2p(y)) + yshift;
  }

  label({ x, y, text, xref = "x", yref = "y", xanchor = "auto", xshift = 0, yshift = 0 }, index) {
    const node = this.labels.get(index);
    if (!node) return false;
    const side = { left: ["start", LABEL_PAD], right: ["end", -LABEL_PAD], center: ["middle", 0] }[xanchor === "auto" ? anchorAt(x, xref) : xanchor];
    const left = Math.round(this.standing(x, xref, true) + xshift);
    const top = Math.round(this.standing(y, yref, false) - yshift + this.heights[index]);
    node.querySelector(".annotation-text-g").setAttribute("transform", "");
    node.querySelector(".cursor-pointer").setAttribute("transform", `translate(${left},${top})`);
    const words = node.querySelector("text");
    words.setAttribute("text-anchor", side[0]);
    for (const part of [words, ...words.querySelectorAll("tspan.line")]) part.setAttribute("x", side[1]);
    return say(words, text);
  }
}

const byIndex = (nodes) => new Map([...nodes].map((node) => [Number(node.closest("[data-index]").dataset.index), node]));

/** Plotly's own choice: in thirds of the figure, and in the middle of a place on an axis. */
function anchorAt(x, xref) {
  if (xref !== "paper") return "center";
  return x < 1 / 3 ? "left" : x > 2 / 3 ? "right" : "center";
}

/** Make as many nodes as are wanted, by copying and removing; `whole` is what of each is copied. */
function fit(nodes, count, whole = (node) => node) {
  if (!nodes.length) return !count;
  const [first] = nodes;
  const depth = first === whole(first) ? (copy) => copy : (copy) => copy.querySelector(first.tagName);
  while (nodes.length < count) {
    const copy = whole(first).cloneNode(true);
    whole(nodes.at(-1)).after(copy);
    nodes.push(depth(copy));
  }
  while (nodes.length > Math.max(count, 1)) whole(nodes.pop()).remove();
  return nodes.length === count;
}

/** Put words into a text of Plotly's, line by line. */
function say(node, text) {
  const parts = text.split(LINE_BREAK);
  const lines = node.querySelectorAll("tspan.line");
  const places = lines.length ? [...lines] : [node];
  if (places.length !== parts.length || /[<&$]/.test(parts.join(""))) return false;
  places.forEach((place, index) => place.textContent === parts[index] || (place.textContent = parts[index]));
  return true;
}

function dots(node, x, y, across, up) {
  const points = [...node.querySelectorAll(".point")];
  const beyond = x.some((value, index) => !Number.isFinite(across.inside(value)) || !Number.isFinite(up.inside(y[index])));
  if (beyond || !fit(points, x.length)) return false; // Plotly leaves out what is nowhere
  points.forEach((point, index) => point.setAttribute("transform", `translate(${across.inside(x[index])},${up.inside(y[index])})`));
  return true;
}

function line(node, { line: { shape = "linear" } = {}, fill = "none" }, x, y, across, up) {
  if (shape !== "linear" && shape !== "hv") return false;
  const paths = unbroken(x, y, across, up, shape === "hv");
  const drawn = [...node.querySelectorAll(".js-line")];
  if (!fit(drawn, paths.length)) return !paths.length && drawn.every((path) => path.setAttribute("d", NOTHING) ?? true);
  drawn.forEach((path, index) => path.setAttribute("d", paths[index]));
  if (fill === "none") return true;
  const filled = node.querySelector(".js-fill");
  if (fill !== "tozeroy" || !filled || paths.length > 1) return false;
  const floor = up.inside(0);
  filled.setAttribute("d", `${paths[0]}L${across.inside(x[x.length - 1])},${floor}L${across.inside(x[0])},${floor}Z`);
  return true;
}

/** Lines with gaps between them: one path for each, as Plotly makes them, lest those that cross in one darken. */
function unbroken(x, y, across, up, stepped) {
  const paths = [];
  let path = "";
  let lastX, lastY;
  for (let index = 0; index < x.length; index++) {
    const left = tenth(across.inside(x[index] ?? NaN));
    const top = tenth(up.inside(y[index] ?? NaN));
    if (!(Number.isFinite(left) && Number.isFinite(top))) {
      if (path) paths.push(path);
      path = "";
    } else if (!path) path = `M${left},${top}`;
    else if (stepped) path += `H${left}V${top}`;
    else if (left !== lastX || top !== lastY) path += `L${left},${top}`;
    lastX = left;
    lastY = top;
  }
  return path ? [...paths, path] : paths;
}
