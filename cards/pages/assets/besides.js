// What the resting desk offers beside the cards: facts to check, claims to think again about. One of them is open at a time.

export class Besides {
  /** @param modes each with update, offer, command and isOpen */
  constructor(modes) {
    this.modes = modes;
    this.latest = null; // the mode that was open last
  }

  /** Take in what the server has sent. */
  update(data) {
    for (const mode of this.modes) mode.update(data);
    this.offer();
  }

  get open() {
    return this.modes.find((mode) => mode.isOpen);
  }

  get isOpen() {
    return this.open !== undefined;
  }

  /** Offer what there is, beside whatever the resting desk offers; nothing while one of them is open. */
  offer() {
    for (const mode of this.modes) mode.offer(!this.isOpen);
  }

  /** What a key does; undefined if it does nothing. */
  command(key) {
    this.latest = this.open ?? this.latest;
    return this.latest?.command(key);
  }
}
