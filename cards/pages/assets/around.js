// A section's claims, before it is read and after. At its opening the reader may put numbers on those that were never asked: one
// quiet line, once, unless the author has a claim asked there openly. At its end those are asked again, and the move is shown.
import { button } from "./asking.js";
import { Beliefs } from "./beliefs.js";
import { element } from "./element.js";
import { HowLikely } from "./how_likely.js";
import { mounted } from "./mounted.js";
import { add, attach, detach, isSlow, onPending, pending, problem } from "./pending.js";
import { typeset } from "/assets/sim/math.js";

export const { mount, unmount } = mounted(".around", (host) => new Around(host));

class Around {
  constructor(host) {
    this.host = host;
    this.beliefs = new Beliefs(host);
    this.forms = new Map(); // claim id → its question, while it is asked
    this.isOpened = false;
    this.opening = element("div", { class: "ui opening" });
    this.list = element("div");
    this.unsaved = element("p", { class: "ui unsaved", role: "status" });
    host.setAttribute("role", "group");
    host.tabIndex = -1;
    host.replaceChildren(this.opening, this.list, this.beliefs.remark, this.unsaved);
    this.stopListening = onPending(() => this.report());
  }

  update(component) {
    this.data = component.data;
    const { role, claims, read } = this.data;
    this.isFresh ||= !read; // what has been shown stays, though the reader comes to the end meanwhile
    attach(this.host, component, this.data.section);
    this.host.setAttribute("aria-label", role === "before" ? "Before you read" : "After reading");
    let isPut = false;
    for (const [id, form] of this.forms) {
      const put = form.hears(this.data);
      if (put) this.put(id, put);
      isPut ||= Boolean(put);
      if (!claims.some((claim) => claim.id === id && !claim.moved)) this.forms.delete(id);
    }
    this.draw();
    if (isPut) this.goOn();
    this.report();
  }

  close() {
    this.stopListening();
    detach(this.host);
  }

  draw() {
    const { role, skipped } = this.data;
    const isBefore = role === "before";
    const claims = isBefore && (skipped || !this.isFresh) ? [] : this.data.claims;
    const shown = claims.filter((claim) => !isBefore || claim.open || this.isOpened);
    const more = claims.filter((claim) => isBefore && !claim.open && !this.isOpened);
    this.opening.replaceChildren(...this.words(shown, more));
    this.opening.hidden = !this.opening.firstChild;
    const rows = shown.map((claim) => this.row(claim));
    if (rows.length !== this.list.children.length || rows.some((row, index) => row !== this.list.children[index])) this.list.replaceChildren(...rows);
    this.host.hidden = this.opening.hidden && !rows.length && !this.beliefs.remark.firstChild;
  }

  /** What stands above the claims, and the way to pass them over. */
  words(shown, more) {
    const { role, claims } = this.data;
    const title = (words) => element("span", { class: "tag" }, [words]);
    if (role === "after") return claims.length ? [element("p", { class: "ui" }, [title("After reading"), " · what you put a number on before"])] : [];
    if (!shown.length && !more.length) return [];
    const later = button("Not now", "plain", () => this.skip());
    if (!more.length) return [element("p", { class: "ui" }, [title("Before you read"), " · ", later])];
    const press = button(more.length === 1 ? "Put a number on it" : "Put numbers on them", "plain", () => this.open());
    return [element("p", { class: "ui" }, [title("Before you read"), ` · ${there(more.length, shown.length)} `, press, " ", later])];
  }

  row(claim) {
    const { role } = this.data;
    const row = element("div", { class: "one" });
    const words = element("div", { class: "question" });
    words.innerHTML = claim.html; // from the book, where it has passed the gate
    typeset(words);
    row.append(words, ...(claim.by ? [element("p", { class: "ui by" }, [claim.by])] : []));
    if (claim.moved) row.append(element("p", { class: "ui said", tabindex: "-1" }, [claim.moved]));
    else if (!claim.closed) {
      if (this.forms.has(claim.id)) return this.forms.get(claim.id).row;
      const what = role === "before" ? "How likely is it?" : "How likely is it now?";
      const form = new HowLikely((said, note) => this.say(claim, said, note), { what });
      this.forms.set(claim.id, Object.assign(form, { row }));
      row.append(form.root);
    }
    return row;
  }

  say({ id }, said, note) {
    return add({ kind: "believe", card: id, said, note, repeat: false, occasion: this.data.role }, this.host).id;
  }

  put(claim, entry) {
    this.forms.delete(claim);
    this.beliefs.did({ card: claim, entry, told: this.data.told[entry] || "Put down." });
  }

  open() {
    this.isOpened = true;
    this.draw();
    this.goOn();
  }

  /** Bring the focus to the next question, or to what was done where there is none. */
  goOn() {
    const [next] = this.forms.values();
    if (next) next.dial.focus();
    else this.beliefs.focus();
  }

  skip() {
    const skip = (on) => add({ kind: "skip", card: this.data.section, on }, this.host);
    skip(true);
    this.beliefs.tell("Read on, then.", button("Ask me after all", "plain", () => (skip(false), this.beliefs.tell(""))));
    this.beliefs.focus();
  }

  report() {
    const mine = new Set([this.data?.section, ...(this.data?.claims ?? []).map(({ id }) => id)]);
    const isMine = pending().some(({ card }) => mine.has(card));
    const sentence = isMine && isSlow() ? problem() || "Not saved yet" : "";
    if (this.unsaved.textContent !== sentence) this.unsaved.textContent = sentence;
  }
}

/** Say that there are claims that could be given a number first, besides those that are shown. */
function there(more, shown) {
  if (shown) return more === 1 ? "One more claim comes below." : `${more} more claims come below.`;
  return more === 1 ? "A claim of this section could have a number of yours first." : `${more} claims of this section could have numbers of yours first.`;
}
