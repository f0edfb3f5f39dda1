// What the reader has told and the server has not answered yet: one message at a time, each known by its id.

const PATIENCE = 30000; // ms: each thing that the page writes waits for a database that others write, for five seconds
const SILENCE = "The server does not answer, so this is not saved yet. Try again when it is back.";

export class Outbox {
  /** @param send hands one message to the server */
  constructor(send) {
    this.send = send;
    this.waiting = [];
  }

  /** Tell the server something; resolves to a sentence that says why it was not kept, or to "". */
  tell(message) {
    return new Promise((resolve) => {
      this.waiting.push({ message, resolve });
      if (this.waiting.length === 1) this.next();
    });
  }

  /** Take in the server's answer, which may be to an earlier message. */
  hear(reply) {
    if (reply && reply.id === this.waiting[0]?.message.id) this.settle(reply.problem);
  }

  next() {
    if (!this.waiting.length) return;
    this.timer = setTimeout(() => this.settle(SILENCE), PATIENCE);
    this.send(this.waiting[0].message);
  }

  settle(problem) {
    clearTimeout(this.timer);
    this.waiting.shift().resolve(problem);
    this.next();
  }
}

/** An id that is this browser's alone; crypto.randomUUID is missing on pages that are not secure. */
export function token() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
