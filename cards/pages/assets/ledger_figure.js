// A figure with its read-out below it, drawn as every figure of the app is.
import { Plot } from "/assets/sim/plot.js";
import { element } from "./element.js";

/**
 * Put a figure into an element that is on the page.
 * @param picture figure as JSON, height in pixels, and readout
 * @param shared palette and the address of Plotly
 */
export function figure(place, { figure: drawn, height, readout }, shared) {
  const canvas = element("div", { class: "plot", role: "img", "aria-label": readout });
  const stage = element("div", { class: "stage", style: `height: ${height}px` }, [canvas]);
  const trouble = element("p", { class: "trouble", role: "alert" });
  place.replaceChildren(element("figure", { class: "ui plain-figure" }, [stage, element("figcaption", { class: "said" }, [readout]), trouble]));
  const plot = new Plot(canvas, { ...shared, failed: (sentence) => (trouble.textContent = sentence) });
  plot.show(JSON.parse(drawn));
  return { stage, remove: () => plot.remove() };
}
