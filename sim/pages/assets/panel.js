// A simulation in its place: the question, the figure, the sentence that says what it shows, and what can be moved.
import { Actions } from "./actions.js";
import { Counterexamples } from "./counterexamples.js";
import { h } from "./dom.js";
import { downloads } from "./download.js";
import { address, copyLink, labAddress, labLink } from "./link.js";
import { Outbox } from "./outbox.js";
import { forget, tell } from "./pictures.js";
import { Plot } from "./plot.js";
import { Prediction } from "./prediction.js";
import { Presets } from "./presets.js";
import { Latest, preview, start } from "./requests.js";
import { Run } from "./run.js";
import { Scrub } from "./scrub.js";
import { Seed } from "./seed.js";
import { Sliders } from "./sliders.js";
import { asPng, asSvg, asTable } from "./takeaway.js";

const SPEAK_EVERY = 1500; // ms between two read-outs to a screen reader
const COVERED = "The picture and the exact answer appear here once you have guessed, or asked to be shown.";

export class Panel {
  /**
   * @param data see sim/pages/panel.py
   * @param send hands a message to the server, see sim/pages/told.py
   * @param leave leads to another page
   */
  constructor(host, data, send, leave) {
    this.data = data;
    this.leave = leave;
    this.outbox = new Outbox(send);
    this.settings = Object.fromEntries(data.controls.map((control) => [control.name, control.value]));
    this.seed = data.seed;
    this.prediction = data.predict && new Prediction(data, (message) => this.outbox.tell(message));
    this.previews = new Latest((settings, seed, move) => this.look(settings, seed, move));
    this.moves = this.shown = 0; // a picture of an earlier move never follows that of a later one
    this.scrub = new Scrub(data.toy, data.scrubbable, { ...this.settings });
    this.picture = JSON.parse(data.preview);
    this.build(host);
    this.update(data);
    const found = this.run.resume();
    if (!data.predict || data.guess || found) this.open();
    else this.ask();
    if (!found) this.recall();
    if (location.hash === `#${data.id}`) this.element.scrollIntoView();
  }

  build(host) {
    const { id, title, caption, controls } = this.data;
    this.canvas = h("div", { class: "plot", role: "img" });
    this.stage = h("div", { class: "stage", style: `height: ${this.height(this.picture)}px` }, this.canvas);
    this.readout = h("p", {}, this.prediction ? COVERED : "");
    this.spoken = h("p", { class: "hidden-visually", "aria-live": "polite" });
    this.trouble = h("p", { class: "trouble", role: "alert" }, this.data.notice);
    const say = (sentence) => (this.trouble.textContent = sentence);
    this.presets = new Presets(this.data.presets, (preset) => this.go(preset));
    const moved = (name, value) => this.drag(name, value);
    this.sliders = new Sliders(id, controls, { moved, noticed: (name) => this.notice(name), refused: say });
    this.seedField = new Seed(id, this.seed, { sown: (seed) => this.move({}, seed), trouble: say });
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
      trouble: say,
    });
    this.caption = h("p", { class: "caption" });
    this.caption.innerHTML = caption; // sanitised by the book
    this.breaks = this.data.counterexamples && this.breaking(say);
    const toLab = this.data.lab ? labLink(() => this.inTheLab(), this.leave) : "";
    this.actions = new Actions(id, {
      run: this.run.element,
      seed: this.seedField.element,
      quiet: [copyLink(() => address(id, this.settings, this.seed)), downloads(this.makers(), say), toLab, this.breaks?.opener ?? ""],
      reset: () => this.reset(),
    });
    const rows = [this.presets.element, this.sliders.element, ...this.actions.rows, this.breaks?.element ?? ""];
    this.body = h("fieldset", { class: "body", disabled: true }, ...rows);
    this.element = h(
      "div",
      { class: "sim ui", id, role: "group", "aria-labelledby": `${id}-title` },
      h("h2", { class: "name", id: `${id}-title` }, title),
      this.caption,
      this.stage,
      h("div", { class: "said" }, this.prediction?.verdict ?? "", this.readout),
      this.spoken,
      this.body,
      this.trouble,
      this.prediction?.unkept ?? "",
    );
    host.replaceChildren(this.element);
    this.plot = new Plot(this.canvas, { ...this.data, failed: say });
  }

  /** How to make what can be downloaded. */
  makers() {
    const picture = () => ({ ...this.picture, title: this.data.title, caption: this.caption.textContent });
    return {
      table: () => asTable(this.picture, this.data.toy),
      png: () => asPng(picture(), this.plot, this.data),
      svg: () => asSvg(picture(), this.plot, this.data),
    };
  }

  breaking(say) {
    return new Counterexamples(this.data.id, {
      longest: this.data.longestNote,
      names: this.data.names,
      movable: Object.keys(this.settings),
      present: () => ({ settings: this.picture.settings, seed: this.picture.seed }),
      tell: (message) => this.outbox.tell(message),
      show: (found) => this.go(found),
      failed: say,
    });
  }

  /** What may change while the reader is busy here: where a run can go, what is kept, and the answer to what was told. */
  update({ devices, counterexamples, reply }) {
    this.actions.offer(devices);
    this.breaks?.update(counterexamples);
    this.outbox.hear(reply);
  }

  /** Put the question where the figure will be: nothing moves when it is answered. */
  ask() {
    const form = this.prediction.ask(this.picture, () => {
      this.open();
      this.runOnce();
    });
    this.stage.append(form);
    this.element.classList.add("asking");
  }

  /** Uncover the figure and the numbers. */
  open() {
    this.opened = true;
    this.element.classList.remove("asking");
    this.body.disabled = false;
    this.show(this.picture);
    if (this.picture.state === "preview") this.plot.sketch(this.data.sketch, this.picture.figure);
    this.sliders.tell(this.picture.settings);
    const [likely] = this.data.scrubbable;
    if (likely) this.plot.ready.then(() => this.scrub.whenIdle(() => this.scrubbed(likely)), () => {});
  }

  /** The reader may be about to move this: have its pictures ready. */
  notice(name) {
    this.scrub.want(...this.scrubbed(name));
  }

  /** What a range is asked for with, or a picture of it. */
  scrubbed(name) {
    return [name, { ...this.data.settings, ...this.settings }, this.seed];
  }

  /** One slider moves: its picture is here, or it is asked for. */
  drag(name, value) {
    this.run.stop();
    this.settings[name] = value;
    const picture = this.scrub.picture(...this.scrubbed(name));
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
    this.seed = seed;
    this.seedField.put(seed);
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
    this.presets.mark(picture.settings);
    this.breaks?.follow();
    this.prediction?.judge(picture);
    tell(this.data.id, picture);
  }

  height(picture) {
    return picture.figure.layout.height ?? this.data.height;
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
    this.seedField.put(seed);
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
      this.seed = this.seedField.another();
      this.seedField.put(this.seed);
    }
    const wanted = { ...this.data.settings, ...this.settings };
    this.run.begin(() => start(this.data.toy, wanted, this.seed, this.actions.device));
  }

  /** Where the simulation is shown with all its settings, at the present ones. */
  inTheLab() {
    const { lab, toy, settings } = this.data;
    return labAddress(lab, toy, { ...settings, ...this.settings }, this.seed);
  }

  wish() {
    return JSON.stringify([this.settings, this.seed]);
  }

  /** Back to the author's own settings and seed. */
  reset() {
    const settings = Object.fromEntries(this.data.controls.map(({ name }) => [name, this.data.settings[name]]));
    this.go({ settings, seed: this.data.authorsSeed });
  }

  /** Put settings in place, thumbs and all. */
  go({ settings, seed }) {
    for (const [name, value] of Object.entries(settings)) this.sliders.put(name, value);
    this.move(settings, seed);
  }

  remove() {
    clearTimeout(this.speaking);
    this.run.leave();
    this.scrub.remove();
    this.plot.remove();
    forget(this.data.id);
  }
}
