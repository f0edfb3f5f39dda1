// Draws a Plotly figure and keeps it current. Plotly (1.5 MB) is loaded when the first figure comes near the screen.
import { onThemeChange, themed } from "./theme.js";

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
    this.resized = new ResizeObserver(() => this.drawn && this.again());
    this.resized.observe(place);
    this.stopListening = onThemeChange(() => this.again());
  }

  /** Draw a figure. Of those that come while one is being drawn, only the latest is. */
  async show(figure) {
    this.latest = figure;
    if (this.drawing) return;
    this.drawing = true;
    try {
      const Plotly = await this.ready;
      while (this.latest && !this.gone) {
        const { data, layout } = themed(this.latest, this.palette);
        this.drawn = this.latest;
        this.latest = undefined;
        await Plotly.react(this.place, data, { ...layout, width: this.place.clientWidth, height: this.place.clientHeight }, CALM);
      }
    } catch (error) {
      this.failed(error.message);
    } finally {
      this.drawing = false;
    }
  }

  /** Draw the same figure in a new size or theme. */
  again() {
    if (this.drawn && !this.latest) this.show(this.drawn);
  }

  remove() {
    this.gone = true;
    this.resized.disconnect();
    this.stopListening();
    if (this.drawn) window.Plotly.purge(this.place);
  }
}
