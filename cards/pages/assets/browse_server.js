// What browsing, and the ledger, ask of the server. Every failure is an Error whose message is a sentence for the reader.
const TICKET = "X-Martingale-Ticket";
const OURS = { "X-Martingale": "1" }; // a page elsewhere cannot send it
const FORGOTTEN = 401;
const AGAIN = 1000; // milliseconds
const PATIENCE = 20_000; // that a new ticket may take: a server that was started again is found within seconds

/** Nobody has answered, so it is not known whether what was asked has been done. */
export class Unheard extends Error {}

export class Server {
  /**
   * @param renew asks the page for a new ticket, which it gives by `hold`
   * @param root what all addresses begin with
   */
  constructor(renew, root = "/cards/browse") {
    this.renew = renew;
    this.root = root;
    this.ticket = "";
    this.waiting = [];
  }

  /** Take the ticket that the page has given. */
  hold(ticket) {
    if (ticket === this.ticket) return;
    this.ticket = ticket;
    for (const go of this.waiting.splice(0)) go();
  }

  async get(what, query, signal) {
    return read(await this.ask(`${this.root}/${what}?${new URLSearchParams(query)}`, () => ({ signal })));
  }

  /** Ask for a change that was made at a moment: its age is sent, not the hour, as the server's clock may be another. */
  async post(what, body, made = Date.now()) {
    const sent = () => ({ method: "POST", headers: OURS, body: JSON.stringify({ ...body, age: Date.now() - made }) });
    return read(await this.ask(`${this.root}/${what}`, sent));
  }

  /** A file, to be saved. */
  async file(what) {
    const answer = await this.ask(`${this.root}/${what}`, () => ({}));
    return answer.ok ? answer.blob() : read(answer);
  }

  /** Ask, with a new ticket if the server has forgotten the one we have: it may have been started again. */
  async ask(address, options) {
    const first = await this.send(address, options());
    if (first.status !== FORGOTTEN) return first;
    await this.renewed();
    return this.send(address, options());
  }

  async send(address, options) {
    try {
      return await fetch(address, { ...options, headers: { ...options.headers, [TICKET]: this.ticket } });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Unheard("The server does not answer. What is shown stays as it is; try again when it is back.");
    }
  }

  // Asked again and again: what is said while the connection is down is not passed on.
  renewed() {
    return new Promise((go) => {
      const again = setInterval(this.renew, AGAIN);
      const end = () => {
        clearInterval(again);
        clearTimeout(patience);
        go();
      };
      const patience = setTimeout(end, PATIENCE);
      this.waiting.push(end);
      this.renew();
    });
  }
}

async function read(answer) {
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw new Error(said.error ?? `The server refused this (status ${answer.status}).`);
}
