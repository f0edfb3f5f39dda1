// What a search has found, as far as it has been asked for: the rows come in pages, as they come into view.
const PAGE = 100; // rows that the server gives at a time

export class Found {
  /** @param told is called when rows have come, @param failed with a sentence when they could not */
  constructor(server, told, failed) {
    this.server = server;
    this.told = told;
    this.failed = failed;
    this.asked = {};
    this.clear();
  }

  clear() {
    this.total = 0;
    this.name = "";
    this.problems = [];
    this.rows = new Map(); // place → row
    this.coming = new Set(); // pages that have been asked for
  }

  /** Search anew. Of searches that overtake each other only the last one counts. Resolves to whether this was it. */
  async search(asked) {
    this.stop?.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    const said = await this.server.get("found", asked, signal);
    if (signal.aborted) return false;
    this.asked = asked;
    this.begin(said);
    return true;
  }

  begin(said) {
    this.clear();
    this.problems = said.problems;
    this.take(said);
    this.coming.add(0);
  }

  take(said) {
    this.name = said.of;
    this.total = said.total;
    said.rows.forEach((row, index) => this.rows.set(said.from + index, row));
  }

  /** See to it that these rows come. */
  want(first, last) {
    for (let page = Math.floor(first / PAGE); page * PAGE <= last && page * PAGE < this.total; page += 1) {
      if (!this.coming.has(page)) this.fetch(page);
    }
  }

  async fetch(page) {
    const { name, coming } = this;
    coming.add(page);
    try {
      const said = await this.server.get("found", { ...this.asked, of: name, from: page * PAGE });
      if (this.name !== name) return; // another search has come meanwhile
      if (said.of !== name) this.replaced(said, page);
      else this.take(said);
      this.told();
    } catch (error) {
      coming.delete(page);
      this.failed(error.message);
    }
  }

  // The server had forgotten the search, and has made it again: what stood elsewhere may stand elsewhere now.
  replaced(said, page) {
    const { problems } = this;
    this.clear();
    this.problems = problems;
    this.coming.add(page);
    this.take(said);
  }

  /** Ask again for the rows that are known, in their places: something of them has changed. */
  again() {
    const pages = [...this.coming];
    this.coming = new Set();
    for (const page of pages) this.fetch(page);
  }

  /** The ids of the rows from `first` up to and without `end`, whether they have come or not. */
  async ids(first, end) {
    const known = [];
    for (let place = first; place < end && this.rows.get(place); place += 1) known.push(this.rows.get(place).id);
    if (known.length === end - first) return known;
    return (await this.server.get("ids", { ...this.asked, of: this.name, from: first, to: end })).ids;
  }
}
