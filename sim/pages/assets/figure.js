// The figure component: a simulation's panel, or a figure with its read-out below it. What it gets is in sim/pages/panel.py.
import { h } from "./dom.js";
import { Panel } from "./panel.js";
import { Plot } from "./plot.js";

const mounted = new WeakMap();

/** Called at every change of data; what is there is kept unless the data ask for something else. */
export function mount(component) {
  const host = component.parentElement.querySelector(".figure");
  const { guess, devices, preview, sketch, counterexamples, reply, ...lasting } = component.data; // these may change while the reader is busy here
  const asked = JSON.stringify(lasting);
  const there = mounted.get(host);
  if (there?.asked === asked) {
    there.component = component;
    there.view.update(component.data);
    return;
  }
  there?.view.remove();
  const entry = { asked, component };
  mounted.set(host, entry);
  const send = (message) => entry.component.setTriggerValue("told", message);
  const leave = (place) => entry.component.setTriggerValue("go", place);
  entry.view = component.data.toy ? new Panel(host, component.data, send, leave) : new Plain(host, component.data);
}

/** Called once, when the element has left the page. */
export function unmount(component) {
  const host = component.parentElement.querySelector(".figure");
  mounted.get(host)?.view.remove();
  mounted.delete(host);
}

class Plain {
  constructor(host, data) {
    const canvas = h("div", { class: "plot", role: "img", "aria-label": data.readout });
    const trouble = h("p", { class: "trouble", role: "alert" });
    const said = h("figcaption", { class: "said" }, data.readout);
    const stage = h("div", { class: "stage", style: `height: ${data.height}px` }, canvas);
    host.replaceChildren(h("figure", { class: "ui plain-figure" }, stage, said, trouble));
    this.plot = new Plot(canvas, { ...data, failed: (sentence) => (trouble.textContent = sentence) });
    this.plot.show(JSON.parse(data.figure));
  }

  update() {} // nothing of it changes by itself

  remove() {
    this.plot.remove();
  }
}
