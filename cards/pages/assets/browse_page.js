// The rules of the page of searches: what a key, a press and an answer of the server lead to.
import { Changes } from "./browse_changes.js";
import { Filters } from "./browse_filters.js";
import { Found } from "./browse_found.js";
import { List } from "./browse_list.js";
import { Preview } from "./browse_preview.js";
import { Server } from "./browse_server.js";
import { View } from "./browse_view.js";
import { pressed } from "./keys.js";

const QUIET = 60; // milliseconds without a key after which is searched
const SLOW = 400; // after which it is said that a search is on its way
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: "screen", PageUp: "-screen", Home: "first", End: "last" };

export class Browse {
  constructor(host) {
    this.host = host;
    this.searched = null; // what the list shows
    this.written = new Set(); // searches that we have put into the address ourselves
    this.anchor = 0; // where a range of selected rows begins
    this.server = new Server(() => this.component.setTriggerValue("renew", Date.now()));
    this.found = new Found(this.server, () => this.list.draw(), (sentence) => this.failed(sentence));
    this.filters = new Filters(() => this.view.field.value, (text) => this.write(text));
    this.list = new List(this.found, { open: (place) => this.open(place), select: (place, event) => this.select(place, event) });
    this.preview = new Preview(this.server, { close: () => this.shut(), go: (place) => this.leave(place) }, (sentence) => this.view.say(sentence));
    this.view = new View(
      host,
      { typed: () => this.typed(), sorted: () => this.search(), edit: (name) => this.edit(name), add: (part) => this.write(`${this.view.field.value} ${part}`.trim()) },
      this.filters,
      this.list,
      this.preview,
    );
    this.changes = new Changes(this.server, (...said) => this.view.say(...said), () => this.changed());
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.slow);
    document.removeEventListener("keydown", this.onKey);
    this.list.close();
  }

  /** Take in what the page has sent. What the reader has typed since stays. */
  update(component) {
    this.component = component;
    const { data } = component;
    if (data.problem) return this.failed(data.problem);
    this.cards = data.cards;
    this.server.hold(data.ticket);
    this.filters.offer(data);
    this.view.name(data.sections[0][0]);
    const { q, sort, down } = data.asked;
    const key = address(q, sort, down === "1");
    const isNew = this.searched === null || (this.came !== key && !this.written.has(key));
    this.came = key;
    if (!isNew) return undefined;
    const arrives = this.searched === null;
    this.view.field.value = q;
    this.view.order(sort, down === "1");
    this.search();
    // On a phone the focus would bring up the keyboard, over what there is to see.
    if (arrives && matchMedia("(hover: hover)").matches && document.activeElement === document.body) this.view.field.focus();
    return undefined;
  }

  write(text) {
    this.view.field.value = text;
    this.search();
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), QUIET);
  }

  async search() {
    clearTimeout(this.timer);
    const [q, sort, down] = [this.view.field.value.trim(), this.view.sort.value, this.view.reversed];
    this.searched = { q, ...(sort && { sort }), ...(down && { down: 1 }) };
    this.filters.show();
    this.remember(address(q, sort, down));
    clearTimeout(this.slow);
    this.slow = setTimeout(() => this.view.say("Searching…"), SLOW);
    try {
      if (!(await this.found.search(this.searched))) return;
      this.shown();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed(error.message);
    }
    clearTimeout(this.slow);
  }

  shown() {
    const { total, problems } = this.found;
    this.view.total(total, this.cards);
    this.view.say(problems.join(" "));
    this.list.selected.clear();
    this.anchor = 0;
    this.offer();
    this.list.box.hidden = this.view.columns.hidden = !total;
    this.view.empty(total ? "" : "No card is like that.", "Clear the search", () => {
      this.write("");
      this.view.field.focus();
    });
    if (this.preview.open) this.shut();
    this.list.restart();
  }

  failed(sentence) {
    this.view.say(sentence, "Try again", () => this.search());
  }

  // The address always opens what is shown.
  remember(search) {
    this.written.add(search);
    const url = new URL(location.href);
    url.search = search;
    history.replaceState(history.state, "", url);
  }

  // Keys

  key(event) {
    if (!this.host.isConnected || event.target.closest?.("dialog, [role='dialog']")) return;
    const command = event.target === this.view.field ? this.typing(event) : this.command(event);
    if (!command) return;
    event.preventDefault();
    command();
  }

  typing(event) {
    if (event.isComposing) return null;
    if (event.key === "ArrowDown" || event.key === "Enter") return () => this.toList();
    if (event.key === "Escape") return () => (this.view.field.value ? this.write("") : this.view.field.blur());
    return null;
  }

  command(event) {
    const inList = event.target === this.list.box || event.target === document.body;
    const step = inList && !event.ctrlKey && !event.metaKey && !event.altKey ? STEPS[event.key] : undefined;
    if (step !== undefined) return () => this.step(step, event.shiftKey);
    const key = pressed(event);
    if (key === "/") return () => (this.view.field.focus(), this.view.field.select());
    if (key === "x" || (key === " " && inList)) return () => this.select(this.list.cursor, event);
    if (key === "a") return () => this.all();
    if (key === "Enter" && inList) return () => (this.preview.open && this.previewed === this.list.cursor ? this.shut() : this.open(this.list.cursor));
    if (key === "undo" && this.changes.last) return () => this.changes.takeBack();
    if (key === "Escape" && this.preview.open) return () => this.shut();
    if (key === "Escape" && this.list.selected.size) return () => this.selectNone();
    return null;
  }

  toList() {
    if (this.found.total) this.list.box.focus();
  }

  async step(step, extends_) {
    const { cursor, screen } = this.list;
    const places = { screen: cursor + screen, "-screen": cursor - screen, first: 0, last: this.found.total - 1 };
    this.list.go(places[step] ?? cursor + step);
    this.list.box.focus();
    if (extends_) await this.range(this.anchor, this.list.cursor);
    else this.anchor = this.list.cursor;
    if (this.preview.open) this.open(this.list.cursor);
  }

  // Selecting

  async select(place, event) {
    if (event.shiftKey && place !== this.anchor) {
      this.list.go(place);
      await this.range(this.anchor, place);
      return;
    }
    const row = this.found.rows.get(place);
    if (!row) return;
    const { selected } = this.list;
    if (!selected.delete(row.id)) selected.add(row.id);
    this.anchor = place;
    this.list.go(place);
    this.offer();
  }

  /** Select all rows from one place to another. */
  async range(one, other) {
    const [first, last] = one < other ? [one, other] : [other, one];
    await this.add(first, last + 1);
  }

  async all() {
    if (this.list.selected.size >= this.found.total) this.selectNone();
    else await this.add(0, this.found.total);
  }

  async add(first, end) {
    const { name } = this.found;
    try {
      const ids = await this.found.ids(first, end);
      if (this.found.name !== name) return;
      for (const id of ids) this.list.selected.add(id);
      this.offer();
    } catch (error) {
      this.failed(error.message);
    }
  }

  selectNone() {
    this.list.selected.clear();
    this.offer();
  }

  offer() {
    this.view.offer(this.list.selected.size);
    this.list.mark();
  }

  // Editing

  edit(name) {
    this.changes.make("edit", { edit: name, ids: [...this.list.selected] });
  }

  changed() {
    this.found.again();
    if (this.preview.open) this.preview.show(this.preview.id);
    this.component.setTriggerValue("edited", Date.now()); // what the bar says is due may be another number now
  }

  // Looking

  open(place) {
    const row = this.found.rows.get(place);
    if (!row) return;
    this.previewed = place;
    this.anchor = place;
    this.list.go(place);
    this.preview.show(row.id);
  }

  shut() {
    this.preview.hide();
    this.list.box.focus();
  }

  leave(place) {
    const { pathname, hash } = new URL(place, location.origin);
    this.component.setTriggerValue("go", { path: pathname, anchor: hash.slice(1) });
  }
}

/** A search as it stands in an address: empty for all cards in the first order. */
function address(q, sort, down) {
  const written = new URLSearchParams({ ...(q && { q }), ...(sort && { sort }), ...(down && { down: "1" }) }).toString();
  return written && `?${written}`;
}
