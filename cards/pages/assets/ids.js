// Names that nobody else makes up: of this tab, and of what is done in it.
import { recall, remember } from "./storage.js";

/** The name of this tab. A duplicated tab has it too: what tells the operations of the two apart is random. */
export const tab = recall("tab", newId());
remember("tab", tab);

// Not crypto.randomUUID: a browser offers that only to https and to this machine. The time comes first, so that the index
// in which the server looks ids up grows at its end: writing into the middle of a long one costs it a page an answer.
export function newId() {
  const random = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return Date.now().toString(16).padStart(12, "0") + random;
}
