// How sure to be: one slider for all cards, and one for each track that may go its own way. Nothing is decided here.
import { h } from "../sim/dom.js";

const mounted = new WeakMap();

/** @param component its data are made by `_wanted` in cards/pages/tuning.py */
export function mount(component) {
  const host = component.parentElement.querySelector(".retention");
  const asked = JSON.stringify(component.data);
  const there = mounted.get(host);
  if (there?.asked === asked) {
    there.component = component;
    return;
  }
  const entry = { asked, component };
  mounted.set(host, entry);
  const want = (wanted) => entry.component.setTriggerValue("wanted", wanted);
  const focused = host.contains(document.activeElement) && document.activeElement.id;
  const retention = new Retention(component.data, want);
  host.replaceChildren(retention.element);
  // What was pressed is made anew, and has no more to do: without this the focus would be nowhere.
  if (focused !== false) ((focused && document.getElementById(focused)) || retention.overall.input).focus({ preventScroll: true });
}

/** Called once, when the element has left the page. */
export function unmount(component) {
  mounted.delete(component.parentElement.querySelector(".retention"));
}

class Retention {
  constructor({ low, high, overall, tracks, cost }, want) {
    this.bounds = { min: Math.round(100 * low), max: Math.round(100 * high) };
    this.overall = this.slider("retention-overall", "All cards", overall);
    this.tracks = tracks.map((track) => this.track(track));
    this.overall.input.addEventListener("input", () => this.follow());
    const rows = [h("div", { class: "slider" }, ...this.overall.parts), ...this.tracks.map(({ row }) => row)];
    this.button = h("button", { class: "button", type: "button", onclick: () => want(this.wanted()) }, "See what moves");
    this.opened = JSON.stringify(this.wanted());
    this.element = h(
      "div",
      { class: "ui wanted" },
      h("fieldset", { class: "sliders" }, h("legend", {}, "The chance of recall at which a card comes back"), ...rows),
      h("p", { class: "cost" }, cost),
      h("div", { class: "actions" }, this.button),
    );
    this.follow();
  }

  slider(id, title, value, aside = "") {
    const input = h("input", { type: "range", id, ...this.bounds, step: 1 });
    const output = h("output", { for: id });
    const tell = () => {
      output.textContent = `${input.value}%`;
      input.setAttribute("aria-valuetext", output.textContent);
      this.changed();
    };
    const put = (share) => {
      input.value = Math.round(100 * share);
      tell();
    };
    input.addEventListener("input", tell);
    put(value);
    return { input, put, parts: [h("label", { for: id }, title), output, input, aside] };
  }

  /** A track's row: it goes with all cards until it is given a chance of its own. */
  track({ slug, title, cards, own }) {
    const id = `retention-${slug}`;
    const box = h("input", { type: "checkbox", id: `${id}-own`, checked: own !== null });
    const aside = h("span", { class: "own" }, box, h("label", { for: box.id }, "its own", h("span", { class: "hidden-visually" }, `, for ${title}`)));
    const made = this.slider(id, `${title}, ${cards === 1 ? "1 card" : `${cards} cards`}`, own ?? 0.9, aside);
    box.addEventListener("change", () => this.follow());
    return { slug, box, ...made, row: h("div", { class: "slider" }, ...made.parts) };
  }

  /** Those that have no chance of their own show the one for all cards. */
  follow() {
    for (const { box, input, put } of this.tracks) {
      input.disabled = !box.checked;
      if (!box.checked) put(this.overall.input.valueAsNumber / 100);
    }
    this.changed();
  }

  changed() {
    if (this.button) this.button.disabled = JSON.stringify(this.wanted()) === this.opened;
  }

  wanted() {
    const share = (input) => input.valueAsNumber / 100;
    const own = ({ slug, box, input }) => [slug, box.checked ? share(input) : null];
    return { overall: share(this.overall.input), by_track: Object.fromEntries(this.tracks.map(own)) };
  }
}
