// A simulation in its place: the question, the figure, the sentence that says what it shows, and what can be moved.
import { h } from "./dom.js";
import { question, verdict } from "./guess.js";
import { address, copyLink } from "./link.js";
import { Plot } from "./plot.js";
import { Latest, preview } from "./requests.js";
import { Run } from "./run.js";
import { Scrub } from "./scrub.js";
import { Sliders } from "./sliders.js";
import { token } from "./token.js";
import { number, same } from "./words.js";

const SPEAK_EVERY = 1500; // ms between two read-outs to a screen reader
const SEEDS = 10000; // of those that the page chooses itself
const COVERED = "The picture and the exact answer appear here once you have guessed, or asked to be shown.";

export class Panel {
  /** @param data see sim/pages/panel.py; @param told hands a guess to the server */
  constructor(host, data, told) {
    this.data = data;
    this.told = told;
    this.settings = Object.fromEntries(data.controls.map((control) => [control.name, control.value]));
    this.seed = data.seed;
    this.guess = data.guess;
    this.previews = new Latest((settings, seed, move) => this.look(settings, seed, move));
    this.moves = this.shown = 0; // a picture of an earlier move never follows that of a later one
    this.scrub = new Scrub(data.toy, data.scrubbable, { ...this.settings });
    this.picture = JSON.parse(data.preview);
    this.build(host);
    const found = this.run.resume();
    if (!data.predict || this.guess || found) this.open();
    else this.ask();
    if (!found) this.recall();
    if (location.hash === `#${data.id}`) this.element.scrollIntoView();
  }

  build(host) {
    const { id, title, caption, controls, predict } = this.data;
    this.canvas = h("div", { class: "plot", role: "img" });
    this.stage = h("div", { class: "stage", style: `height: ${this.height(this.picture)}px` }, this.canvas);
    this.verdict = h("p", { tabindex: -1 });
    this.readout = h("p", {}, predict ? COVERED : "");
    this.spoken = h("p", { class: "hidden-visually", "aria-live": "polite" });
    this.trouble = h("p", { class: "trouble", role: "alert" }, this.data.notice);
    this.sliders = new Sliders(id, controls, {
      moved: (name, value) => this.drag(name, value),
      noticed: (name) => this.notice(name),
      refused: (sentence) => (this.trouble.textContent = sentence),
    });
    this.run = new Run({
      memory: `martingale.run:${location.pathname}:${id}`,
      wanted: () => this.runOnce(),
      told: (picture, resumed) => {
        if (resumed) this.adopt(picture);
        if (picture.state === "done") this.ran = this.wish();
        this.shown = this.moves;
        this.show(picture);
        this.sliders.tell(picture.settings);
      },
      gone: () => this.recall(),
      trouble: (sentence) => (this.trouble.textContent = sentence),
    });
    const line = h("p", { class: "caption" });
    line.innerHTML = caption; // sanitised by the book
    this.body = h("fieldset", { class: "body", disabled: true }, this.sliders.element, this.actions());
    this.element = h(
      "div",
      { class: "sim ui", id, role: "group", "aria-labelledby": `${id}-title` },
      h("h2", { class: "name", id: `${id}-title` }, title),
      line,
      this.stage,
      h("div", { class: "said" }, predict ? this.verdict : "", this.readout),
      this.spoken,
      this.body,
      this.trouble,
    );
    host.replaceChildren(this.element);
    const failed = (sentence) => (this.trouble.textContent = sentence);
    this.plot = new Plot(this.canvas, { ...this.data, failed });
  }

  actions() {
    const { id, devices } = this.data;
    const names = ["auto", ...devices];
    this.device = h("select", { class: "field", id: `${id}-device` }, ...names.map((name) => h("option", {}, name)));
    this.seedField = h("input", { class: "field seed", id: `${id}-seed`, inputmode: "numeric", maxlength: 9, autocomplete: "off" });
    this.seedField.value = this.seed;
    this.seedField.addEventListener("change", () => this.sow(this.seedField.value.trim()));
    return h(
      "div",
      { class: "actions" },
      this.run.element,
      h(
        "span",
        { class: "few" },
        h("label", { for: `${id}-seed`, title: "The same seed gives the same random numbers." }, "Seed"),
        this.seedField,
        h("button", { class: "plain", type: "button", onclick: () => this.move({}, this.anotherSeed()) }, "Another"),
      ),
      devices.length > 1 ? h("span", { class: "few" }, h("label", { for: `${id}-device` }, "On"), this.device) : "",
      h("button", { class: "plain", type: "button", onclick: () => this.reset() }, "Reset"),
      copyLink(() => address(id, this.settings, this.seed)),
    );
  }

  /** Put the question where the figure will be: nothing moves when it is answered. */
  ask() {
    const { id, predict } = this.data;
    this.form = question(id, predict, {
      check: (value) => this.doubt(value),
      commit: (value) => this.commit(value),
      skip: () => this.commit(null),
    });
    this.stage.append(this.form);
    this.element.classList.add("asking");
  }

  /** A sentence if a guess cannot have been meant so: 30 where 30% was meant. */
  doubt(value) {
    const { fact, unit } = this.data.predict;
    const truth = this.picture.facts[fact];
    const share = unit === "share" || (!unit && truth >= 0 && truth <= 1);
    if (!share || value <= 1 || value > 100) return "";
    return `The answer is a number from 0 to 1: write ${number(value)}% or ${number(value / 100)}.`;
  }

  /** The reader has said a number, or asked to be shown (null): tell the server once, show, run. */
  commit(guess) {
    const { toy, predict } = this.data;
    const { settings, seed } = this.picture;
    this.guess = { guess, settings };
    this.told({ toy, fact: predict.fact, settings, seed, guess, skipped: guess === null, client_id: token(), at: Date.now() });
    this.open();
    this.verdict.focus({ preventScroll: true }); // the form that had it is gone
    this.runOnce();
  }

  /** Uncover the figure and the numbers. */
  open() {
    this.opened = true;
    this.form?.remove();
    this.element.classList.remove("asking");
    this.body.disabled = false;
    this.show(this.picture);
    this.sliders.tell(this.picture.settings);
    const [likely] = this.data.scrubbable;
    if (likely) this.plot.ready.then(() => this.scrub.whenIdle(() => this.notice(likely)), () => {});
  }

  /** The reader may be about to move this: have its pictures ready. */
  notice(name) {
    this.scrub.prepare(name, { ...this.data.settings, ...this.settings }, this.seed);
  }

  /** One slider moves: its picture is here, or it is asked for. */
  drag(name, value) {
    this.run.stop();
    this.settings[name] = value;
    const picture = this.scrub.picture(name, { ...this.data.settings, ...this.settings }, this.seed);
    if (!picture) return this.move({});
    this.shown = ++this.moves;
    this.previews.wanted = undefined;
    this.trouble.textContent = picture.error ?? "";
    if (picture.error) return this.sliders.tell(this.settings);
    this.show(picture);
    this.sliders.tell(picture.settings);
  }

  /** The panel may open with the end of an earlier run: to run once more is then to run with another seed. */
  recall() {
    if (!this.opened || this.picture.state !== "done") return;
    this.ran = this.wish();
    this.run.over(this.picture);
  }

  /** Take the settings of a run that was found again for the present ones. */
  adopt({ settings, seed }) {
    for (const name of Object.keys(this.settings)) {
      this.settings[name] = settings[name];
      this.sliders.put(name, settings[name]);
    }
    this.seed = this.seedField.value = seed;
  }

  /** Show a picture: drawn, in words, and against the guess. */
  show(picture) {
    this.picture = picture;
    if (!this.opened) return;
    this.stage.style.height = `${this.height(picture)}px`;
    this.plot.show(picture.figure);
    this.readout.textContent = picture.readout;
    this.canvas.setAttribute("aria-label", picture.readout);
    this.speak(picture.readout);
    if (this.data.predict) this.judge(picture);
  }

  height(picture) {
    return picture.figure.layout.height ?? this.data.height;
  }

  judge({ facts, settings }) {
    const { fact, unit } = this.data.predict;
    const about = this.guess && same(this.guess.settings, settings);
    this.verdict.replaceChildren(...verdict(unit, this.guess?.guess ?? null, facts[fact], about));
  }

  /** A screen reader hears where a drag ended, not every step of it. */
  speak(words) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => (this.spoken.textContent = words), SPEAK_EVERY);
  }

  /** Other settings or another seed: the run no longer matches, and the exact picture follows. */
  move(settings, seed = this.seed) {
    this.run.stop();
    Object.assign(this.settings, settings);
    this.seed = seed;
    if (Number(this.seedField.value) !== seed) this.seedField.value = seed;
    this.previews.want({ ...this.settings }, seed, ++this.moves);
  }

  async look(settings, seed, move) {
    try {
      const picture = await preview(this.data.toy, { ...this.data.settings, ...settings }, seed);
      if (this.run.busy || move < this.shown) return; // what it shows is newer
      this.shown = move;
      this.trouble.textContent = "";
      this.show(picture);
      if (!this.previews.wanted) this.sliders.tell(picture.settings); // the toy may have moved them a little
    } catch (error) {
      if (move < this.shown) return;
      this.trouble.textContent = error.message;
      this.sliders.tell(settings);
    }
  }

  /** Run what is set. What has just been run is run with another seed: the same one would show the same. */
  runOnce() {
    this.moves++;
    if (this.ran === this.wish()) {
      this.seed = this.anotherSeed();
      this.seedField.value = this.seed;
    }
    this.run.begin(this.data.toy, { ...this.data.settings, ...this.settings }, this.seed, this.device.value);
  }

  wish() {
    return JSON.stringify([this.settings, this.seed]);
  }

  /** Take a seed that the reader has typed. */
  sow(text) {
    if (/^\d+$/.test(text)) return this.move({}, Number(text));
    this.seedField.value = this.seed;
    this.trouble.textContent = `“${text}” is no seed. A seed is a whole number, such as 7.`;
  }

  anotherSeed() {
    return (this.seed + 1 + Math.floor(Math.random() * (SEEDS - 1))) % SEEDS;
  }

  reset() {
    const own = Object.fromEntries(this.data.controls.map(({ name }) => [name, this.data.settings[name]]));
    for (const [name, value] of Object.entries(own)) this.sliders.put(name, value);
    this.move(own, this.data.authorsSeed);
  }

  remove() {
    clearTimeout(this.speaking);
    this.run.leave();
    this.scrub.remove();
    this.plot.remove();
  }
}
