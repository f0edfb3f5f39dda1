// Edits of many cards and the way back: each is done once, however often it has to be sent.
//
// What is decided here goes another way than what is decided at the desk, and may overtake it. So it has a sender of its own: of
// two senders the one is heeded that decided later, of one sender the change that arrives later.
import { Unheard } from "./browse_server.js";
import { newId, tab } from "./ids.js";

export class Changes {
  /**
   * @param server who makes them
   * @param say tells the reader, with the words of a button and what it does
   * @param done is called when one was made
   */
  constructor(server, say, done) {
    this.server = server;
    this.say = say;
    this.done = done;
    this.last = false; // whether there is an edit to take back
  }

  takeBack() {
    this.make("undo", {});
  }

  make(what, body) {
    this.send(what, { ...body, id: `${newId()}.${tab}-browse` }, Date.now());
  }

  /** Send a change that was made at a moment, perhaps again. */
  async send(what, body, made) {
    if (this.isSending) return; // nothing is edited twice at once
    this.isSending = true;
    try {
      const { said, undo } = await this.server.post(what, body, made);
      this.last = undo;
      this.say(said, undo ? "Take back" : "", () => this.takeBack());
      this.done();
    } catch (error) {
      if (error instanceof Unheard) this.say(error.message, "Send it again", () => this.send(what, body, made));
      else this.say(error.message);
    }
    this.isSending = false;
  }
}
