// One run at a time: start, progress, Stop, and finding it again after a reload of the page.
import { h } from "./dom.js";
import { cancel } from "./requests.js";
import { watch } from "./stream.js";
import { timeLeft } from "./words.js";

const KNOWN = 0.02; // below this share of the work an estimate is a guess
const KEPT = "kept from an earlier run";
const DOUBLE_CLICK = 400; // ms in which a second press is the first one's echo, not a wish to stop

/**
 * @param memory the key under which the tab remembers the run
 * @param name what its button says
 * @param wanted called by the button: what to run
 * @param told called with each message of the run
 * @param gone called when the run of an earlier visit is there no more
 * @param trouble told a sentence, or "" when all is well again
 */
export class Run {
  constructor({ memory, name = "Run", wanted, told, gone, trouble }) {
    this.memory = memory;
    this.name = name;
    this.told = told;
    this.gone = gone;
    this.trouble = trouble;
    this.button = h("button", { class: "button run", type: "button", onclick: () => this.press(wanted) }, name);
    this.bar = h("progress", { max: 1, value: 0, "aria-label": "Progress of the run" });
    this.words = h("span", { class: "left" });
    this.note = h("span", { class: "kept" });
    const going = h("span", { class: "progress" }, this.bar, this.words);
    this.element = h("div", { class: "running" }, this.button, going, this.note);
    this.rest(name);
  }

  press(wanted) {
    const echo = performance.now() - this.pressed < DOUBLE_CLICK;
    if (!this.busy) {
      this.pressed = performance.now();
      wanted();
    } else if (!echo) this.stop();
  }

  /** Start a run, as `start` asks the server for it; one that is going on is ended first. */
  async begin(start) {
    this.stop();
    const mine = (this.starting = {});
    this.work("Starting");
    try {
      const { id, message } = await start();
      if (this.starting !== mine) return void cancel(id).catch(() => {}); // stopped meanwhile; unwatched, it ends anyway
      this.starting = undefined;
      this.trouble("");
      sessionStorage.setItem(this.memory, id);
      this.id = id;
      if (message) this.hear(message);
      else this.follow(id);
    } catch (error) {
      if (this.starting !== mine) return;
      this.starting = undefined;
      this.rest(this.name);
      this.trouble(error.message);
    }
  }

  /** Take up a run that an earlier visit to the page has started; says whether there was one. */
  resume() {
    const id = sessionStorage.getItem(this.memory);
    if (!id) return false;
    this.resumed = true;
    this.work("Looking for the run");
    this.follow(id);
    return true;
  }

  follow(id) {
    this.id = id;
    this.lookAway = watch(id, {
      told: (message) => this.hear(message),
      broken: () => this.trouble("The server does not answer. Trying again…"),
      lost: () => this.lose(),
    });
  }

  hear(message) {
    this.trouble("");
    if (message.readout) this.told({ ...message, run: this.id }, Boolean(this.resumed));
    if (message.state === "waiting") {
      this.work(place(message.before));
    } else if (message.state === "running") {
      this.work(...progress(message));
    } else {
      this.end();
      this.over(message);
      if (message.state === "failed") this.trouble(message.error);
    }
  }

  /** What is shown is how a run has ended. */
  over({ state, kept }) {
    this.rest(state === "done" ? `${this.name} again` : this.name, kept ? KEPT : "");
  }

  lose() {
    const first = this.resumed;
    this.end();
    sessionStorage.removeItem(this.memory);
    this.rest(this.name);
    if (first) this.gone(); // it was over before the reload, and is nothing to miss
    this.trouble(first ? "" : "The run was lost, because the server was started anew. Run it again.");
  }

  /** End the run, at once for the reader and soon for the server. */
  stop() {
    const id = this.id;
    this.starting = undefined;
    this.end();
    this.rest(this.name);
    sessionStorage.removeItem(this.memory);
    if (id) cancel(id).catch(() => {}); // unwatched, it ends anyway
  }

  /** Leave the page; the run goes on for a while and can be taken up again. */
  leave() {
    this.lookAway?.();
  }

  end() {
    this.lookAway?.();
    this.id = this.lookAway = this.resumed = undefined;
  }

  work(words, progress) {
    this.busy = true;
    this.button.textContent = "Stop";
    this.note.textContent = "";
    this.words.textContent = words;
    if (progress === undefined) this.bar.removeAttribute("value");
    else this.bar.value = progress;
    this.element.classList.add("busy");
  }

  rest(words, note = "") {
    this.busy = false;
    this.button.textContent = words;
    this.note.textContent = note;
    this.words.textContent = "";
    this.element.classList.remove("busy");
  }
}

function place(before) {
  if (!before) return "Waiting for its turn";
  return before === 1 ? "Waiting, after another one" : `Waiting, after ${before} others`;
}

/** Words, and the share that is done where it can be known. */
function progress({ progress: share, seconds_left: seconds }) {
  return share < KNOWN ? ["Running"] : [`${Math.round(100 * share)}%, ${timeLeft(seconds)}`, share];
}
