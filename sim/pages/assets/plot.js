// Draws a Plotly figure and keeps it current. Plotly (1.5 MB) is loaded when the first figure comes near the screen.
import { h } from "./dom.js";
import { Repaint } from "./repaint.js";
import { onThemeChange, shade, themed } from "./theme.js";

const NEAR = "600px";
const CALM = { displayModeBar: false, doubleClick: false, showTips: false, scrollZoom: false };

let loading;
function plotly(address) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = undefined; // the next figure tries again
      script.remove();
      reject(new Error("The figure could not be loaded: the server does not answer. Reload the page."));
    };
    document.head.append(script);
  });
  return loading;
}

/** The element that scrolls: a margin around the screen counts only if the observer is given the scroller itself. */
function scroller(element) {
  for (let above = element.parentElement; above; above = above.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(above).overflowY)) return above;
  }
  return null;
}

function near(element) {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      { root: scroller(element), rootMargin: NEAR },
    );
    observer.observe(element);
  });
}

export class Plot {
  /**
   * @param place an empty element; its height is kept
   * @param options palette: colour → CSS variable; plotly: the bundle's address; failed: told a sentence
   */
  constructor(place, { palette, plotly: address, failed }) {
    this.place = place;
    this.palette = palette;
    this.failed = failed;
    this.ready = near(place).then(() => plotly(address));
    this.ready.catch((error) => failed(error.message));
    this.resized = new ResizeObserver(() => this.outgrown() && this.again());
    this.resized.observe(place);
    this.stopListening = onThemeChange(() => this.again());
  }

  /** Draw a figure in the next frame. Of those that come before it, or while one is being drawn, only the latest is. */
  show(figure) {
    this.latest = figure;
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => this.draw());
  }

  /** Show a sketch of a figure, an SVG of ours, until Plotly is there and has drawn. */
  sketch(svg, { layout }) {
    if (window.Plotly) return;
    const { l, r, t, b } = layout.margin;
    const stand = h("div", { class: "sketch", "aria-hidden": "true", style: `inset: ${t}px ${r}px ${b}px ${l}px` });
    stand.innerHTML = svg;
    const tied = Object.values(layout).some((part) => part?.scaleanchor);
    if (!tied) stand.firstElementChild.setAttribute("preserveAspectRatio", "none");
    this.place.after(stand);
    this.place.addEventListener("drawn", () => stand.remove(), { once: true });
  }

  async draw() {
    try {
      const Plotly = await this.ready;
      while (this.latest && !this.gone) {
        this.drawn = this.latest;
        this.latest = undefined;
        const painted = !this.stale && this.brush?.paint(this.drawn);
        if (!painted) await this.anew(Plotly);
        this.place.dispatchEvent(new Event("drawn"));
      }
    } catch (error) {
      this.failed(error.message);
    } finally {
      this.drawing = false;
    }
  }

  /** Let Plotly draw; what was redrawn behind its back it must not take for its own. */
  async anew(Plotly) {
    const draw = this.brush?.touched ? Plotly.newPlot : Plotly.react;
    const { data, layout } = themed(this.drawn, this.palette);
    const config = { ...CALM, staticPlot: layout.hovermode === false };
    this.brush = undefined;
    this.stale = false;
    await draw(this.place, data, { ...layout, width: this.place.clientWidth, height: this.place.clientHeight }, config);
    if (!this.gone) this.brush = new Repaint(this.place, this.drawn, (colour) => shade(colour, this.palette));
  }

  outgrown() {
    const drawn = this.place._fullLayout;
    return drawn && (drawn.width !== this.place.clientWidth || drawn.height !== this.place.clientHeight);
  }

  /** Draw the same figure in a new size or theme. */
  again() {
    if (!this.drawn || this.latest) return;
    this.stale = true;
    this.show(this.drawn);
  }

  remove() {
    this.gone = true;
    this.resized.disconnect();
    this.stopListening();
    if (this.drawn) window.Plotly?.purge(this.place);
  }
}
