// Fitting the model to the learner's own log: a run in a worker, with its progress and a Stop, found again after a reload.
import { h } from "../sim/dom.js";
import { begin } from "../sim/requests.js";
import { Run } from "../sim/run.js";

const mounted = new WeakMap();

/** @param component its data hold the run whose outcome the page already knows */
export function mount(component) {
  const host = component.parentElement.querySelector(".fit");
  const there = mounted.get(host);
  if (there) there.component = component;
  else mounted.set(host, new Fit(host, component));
}

/** Called once, when the element has left the page; the run goes on for a while. */
export function unmount(component) {
  const host = component.parentElement.querySelector(".fit");
  mounted.get(host)?.run.leave();
  mounted.delete(host);
}

class Fit {
  constructor(host, component) {
    this.component = component;
    this.said = h("p", { class: "said", "aria-live": "polite" });
    const trouble = h("p", { class: "trouble", role: "alert" });
    this.run = new Run({
      memory: "martingale.fit",
      name: "Fit",
      wanted: () => this.run.begin(() => begin("/cards/fit")),
      told: (message) => this.hear(message),
      gone: () => this.rest(),
      trouble: (sentence) => (trouble.textContent = sentence),
    });
    host.replaceChildren(h("div", { class: "ui fitting" }, this.run.element, this.said, trouble));
    if (!this.run.resume()) this.rest();
  }

  /** Nothing runs; what an earlier fit has found, the page keeps. */
  rest() {
    if (this.component.data.known) this.run.over({ state: "done" });
  }

  hear({ state, readout, run }) {
    this.said.textContent = state === "done" ? "" : `${readout}.`;
    if (state === "done" && run !== this.component.data.known) this.component.setTriggerValue("done", run);
  }
}
