// The rules of the ledger: what is loaded, opened, done and said, and in which order the page stands.
import { decoded } from "/assets/sim/anchor.js";
import { element } from "./element.js";
import { asking, button } from "./asking.js";
import { Server } from "./browse_server.js";
import { Calibration } from "./ledger_calibration.js";
import { Claims } from "./ledger_claims.js";
import { Opened } from "./ledger_opened.js";
import { WriteForm } from "./ledger_write.js";
import { checks, together } from "./ledger_record.js";
import { takeAlong } from "./ledger_files.js";

const ANCHOR = "claim-";
const FORGET = "Delete everything I believe";

export class Ledger {
  constructor(host) {
    this.host = host;
    this.server = new Server(() => this.component.setTriggerValue("renew", Date.now()), "/cards/ledger");
    this.stand = element("p", { class: "stand" });
    this.private = element("p", { class: "ui private" });
    this.said = element("p", { class: "ui said", role: "status" });
    this.start = element("div", { class: "start" });
    this.write = new WriteForm((claim) => this.written(claim));
    this.opened = new Opened(this);
    this.claims = new Claims((id) => this.press(id), this.opened);
    this.calibration = new Calibration((bin) => this.narrow(bin));
    this.record = element("div", { class: "record" });
    this.checks = element("div", { class: "checks" });
    this.files = takeAlong(this.server, (sentence) => this.say(sentence));
    this.all = element("div", { class: "all-of-it" });
    this.page = element("div", { class: "prose" }, [
      element("h1", { id: "top", tabindex: "-1" }, ["Ledger"]),
      this.stand,
      this.private,
      this.said,
      this.start,
      this.write.root,
      this.claims.root,
      this.record,
      this.calibration.root,
      this.checks,
      this.files,
      this.all,
    ]);
    this.page.addEventListener("click", (event) => this.follow(event));
    this.seen = () => document.visibilityState === "visible" && this.data && this.catchUp();
    document.addEventListener("visibilitychange", this.seen);
  }

  close() {
    document.removeEventListener("visibilitychange", this.seen);
    this.opened.close();
    this.calibration.close();
  }

  /** Take in what the page has sent. */
  update(component) {
    this.component = component;
    const { data } = component;
    if (data.problem) {
      this.host.replaceChildren(element("div", { class: "prose" }, [element("h1", {}, ["Ledger"]), element("p", { role: "alert" }, [data.problem])]));
      return;
    }
    this.shared = { palette: data.palette, plotly: data.plotly };
    this.server.hold(data.ticket);
    if (this.arrived) {
      if (!this.page.isConnected && this.data) this.host.replaceChildren(this.page); // after a problem that has passed
      return;
    }
    this.arrived = true;
    this.load(anchored(data.anchor));
  }

  /** Load everything, and open a claim if one is asked for. */
  async load(id = "") {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      const data = await this.server.get("all", {});
      if (turn === this.turn) this.show(data);
    } catch (error) {
      if (!this.page.isConnected) this.host.replaceChildren(this.page);
      this.say(error.message, "Try again", () => (this.say(""), this.load(id)));
      return;
    }
    if (id) this.arriveAt(id);
  }

  /** Take in what was put down in another tab, or on another page, while this one lay behind it. */
  async catchUp() {
    const turn = (this.turn += 1);
    const data = await this.server.get("all", {}).catch(() => this.data); // whoever asks for something next is told
    if (turn !== this.turn || JSON.stringify(data) === JSON.stringify(this.data)) return;
    this.show(data);
    if (this.opened.id) this.opened.load();
  }

  show(data) {
    this.data = data;
    if (!this.page.isConnected) this.host.replaceChildren(this.page);
    this.stand.textContent = data.stand || "You have put a number on nothing yet.";
    this.private.textContent = data.private;
    this.start.replaceChildren(...(data.stand ? [] : beginning(data.start)));
    this.claims.show(data.rows);
    this.record.replaceChildren(...together(data.together));
    this.calibration.show(data.calibration, data.predictions, this.shared);
    this.checks.replaceChildren(...checks(data.checks, (check) => this.do({ deed: "forget-check", check })));
    this.record.hidden = this.files.hidden = !data.held;
    this.all.replaceChildren(...(data.held ? this.forgetting() : []));
  }

  forgetting() {
    const copied = this.data.backup ? " A backup is made first." : "";
    const claims = this.data.rows.filter((row) => row.status !== "unasked").length;
    const question = `Delete all that you believe: ${claims === 1 ? "1 claim" : `${claims.toLocaleString("en")} claims`} with every credence, how they turned out, your checks and your predictions?${copied}`;
    const forget = () => this.do({ deed: "forget-all" }).then(() => this.opened.shut());
    return [element("h2", {}, ["Delete everything"]), asking(FORGET, question, "Delete it all", forget)];
  }

  // What is done

  /** Do something, say so, and show what has come of it. Throws an Error with a sentence if it could not be done. */
  async do(deed) {
    const { said, undo } = await this.server.post("do", deed);
    const words = undo?.deed === "bring-back" ? "Bring back" : "Take back";
    this.say(said, undo ? words : "", () => this.undo(undo));
    await Promise.all([this.load(), this.opened.id && deed.deed !== "forget-all" && deed.deed !== "forget" && this.opened.load()]);
    this.component.setTriggerValue("changed", Date.now());
    // The button that was pressed may be gone, and the focus with it: it goes on in the claim that is open.
    if (document.activeElement === document.body) this.claims.focus(this.opened.id);
  }

  async undo(deed) {
    try {
      await this.do(deed);
    } catch (error) {
      this.say(error.message);
    }
  }

  /** Say something, with a button behind it if `words` is given; where the reader is, and to screen readers. */
  say(sentence, words = "", press = null) {
    this.said.replaceChildren(sentence, ...(words ? [" ", button(words, "plain", press)] : []));
    this.said.classList.toggle("away", Boolean(sentence));
  }

  async written(claim) {
    await this.do({ deed: "write", ...claim });
    this.claims.widen();
    await this.opened.show(claim.claim);
    this.claims.reveal(claim.claim);
    this.opened.ask();
  }

  // Opening and narrowing

  async press(id) {
    if (this.opened.id === id) this.opened.shut();
    else await this.opened.show(id);
    this.claims.mark();
  }

  async arriveAt(id) {
    if (!this.data.rows.some((row) => row.id === id)) {
      this.say("The claim that this link leads to is not on the ledger.");
      return;
    }
    this.claims.widen();
    await this.opened.show(id);
    this.claims.reveal(id);
  }

  narrow(bin) {
    this.claims.only(bin);
    this.claims.heading.focus({ preventScroll: true });
    this.claims.heading.scrollIntoView({ block: "start" });
  }

  /** Links inside the app change the page in place. */
  follow(event) {
    const link = event.target.closest("a[href^='/']");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { pathname, search, hash } = new URL(link.getAttribute("href"), location.origin);
    this.component.setTriggerValue("go", { path: pathname, query: search, anchor: hash.slice(1), at: Date.now() });
  }
}

function anchored(anchor) {
  const wanted = decoded(location.hash.slice(1) || anchor || "");
  return wanted.startsWith(ANCHOR) ? wanted.slice(ANCHOR.length) : "";
}

function beginning(place) {
  const book = place ? [element("a", { href: place }, ["Go to the first claim of the book"]), ", and say how likely you think it is. Or write one of your own: "] : ["Write a claim of your own: "];
  return [element("p", {}, [...book, "something that will turn out true or false, and a number for it. Come back when you learn more, and put down what you think then. From that the ledger shows how far you move, and how often you are right."])];
}
