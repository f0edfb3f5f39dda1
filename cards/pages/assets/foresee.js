// Foreseeing what a draft would move: a run in a worker, begun at once, with its progress and a Stop.
import { h } from "../sim/dom.js";
import { begin } from "../sim/requests.js";
import { Run } from "../sim/run.js";

const mounted = new WeakMap();

/** @param component its data name what is to be foreseen */
export function mount(component) {
  const host = component.parentElement.querySelector(".foresee");
  const there = mounted.get(host);
  if (there) there.update(component);
  else mounted.set(host, new Foresee(host, component));
}

/** Called once, when the element has left the page: nobody wants to know any more. */
export function unmount(component) {
  const host = component.parentElement.querySelector(".foresee");
  mounted.get(host)?.run.stop();
  mounted.delete(host);
}

class Foresee {
  constructor(host, component) {
    this.said = h("p", { class: "said", "aria-live": "polite" });
    const trouble = h("p", { class: "trouble", role: "alert" });
    this.run = new Run({
      memory: "martingale.foresee",
      name: "See what moves",
      wanted: () => this.begin(),
      told: (message) => this.hear(message),
      gone: () => this.begin(),
      trouble: (sentence) => (trouble.textContent = sentence),
    });
    host.replaceChildren(h("div", { class: "ui fitting" }, this.run.element, this.said, trouble));
    this.update(component);
  }

  /** Another draft is another run; the one before is of no use. */
  update(component) {
    this.component = component;
    if (this.wanted === component.data.wanted) return;
    this.wanted = component.data.wanted;
    this.begin();
  }

  begin() {
    this.run.begin(() => begin("/cards/foresee", { wanted: this.wanted }));
  }

  hear({ state, readout, run }) {
    this.said.textContent = state === "done" ? "" : `${readout}.`;
    if (state === "done") this.component.setTriggerValue("done", run);
  }
}
