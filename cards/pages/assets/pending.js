// Answers and undos that the server has not confirmed yet, in the order in which the reader gave them.
//
// One list for the whole tab, kept in the tab's storage, so that a reload sends again what was not confirmed. All of it is sent
// at once, by any component that is on the page, and again until it is confirmed: the server knows each operation by its id and
// does it once. At most one batch is under way, so that a fast reader does not interrupt the run that is saving the last answer.
import { recall, remember } from "./storage.js";

const FIRST_RETRY = 1500;
const LAST_RETRY = 12000;
const SOON = 30;
const SLOW = 2000; // after this long without a confirmation the reader is told

const senders = new Map(); // the element of a component → the function that sends for it
const listeners = new Set();
let list = recall("pending", []);
let sentAt = 0; // 0: no batch is under way
let retry = FIRST_RETRY;
let timer = 0;
let trouble = "";

/** What has not been confirmed, oldest first. */
export const pending = () => list;

/** Why the last batch was refused, as a sentence; empty while all is well. */
export const problem = () => trouble;

/** Whether the reader has waited for a confirmation long enough to be told. */
export const isSlow = () => list.length > 0 && (trouble !== "" || Date.now() - list[0].at >= SLOW);

/** Call `listener` whenever the list, or what there is to say about it, changes. Returns the way to stop. */
export function onPending(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Let a component carry the list to the server, and take in what the server has confirmed to it. */
export function attach(host, { data, setTriggerValue }) {
  senders.set(host, (batch) => setTriggerValue("operations", batch));
  take(data);
}

/** The component has left the page. */
export function detach(host) {
  senders.delete(host);
}

/** Add one operation and send it, by preference through the component that it was made in. */
export function add(operation, host) {
  const entry = { id: newId(), at: Date.now(), ...operation };
  keep([...list, entry]);
  setTimeout(tell, SLOW + 50);
  // The frame that shows the next card goes first.
  setTimeout(() => sentAt || send(host), SOON);
  return entry;
}

function take({ confirmed = [], problem: refused = "" }) {
  const left = list.filter((operation) => !confirmed.includes(operation.id));
  trouble = left.length ? refused : "";
  if (left.length < list.length) {
    retry = FIRST_RETRY;
    sentAt = 0;
    keep(left);
  }
  if (trouble) {
    retry = FIRST_RETRY;
    wait();
  }
  // The server is there, so a batch that it has not answered by now has been lost.
  else if (left.length && Date.now() - sentAt > FIRST_RETRY) send();
  tell();
}

function send(host) {
  const carry = senders.get(host) ?? [...senders.values()].at(-1);
  if (!carry || !list.length) return;
  sentAt = Date.now();
  wait();
  // The age is sent, not the hour: the reader's clock and the server's need not agree.
  carry(list.map(({ at, ...operation }) => ({ ...operation, age: Date.now() - at })));
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => send(), retry);
  retry = Math.min(retry * 2, LAST_RETRY);
}

function keep(operations) {
  list = operations;
  remember("pending", list);
  if (!list.length) clearTimeout(timer);
}

function tell() {
  for (const listener of listeners) listener();
}

// Not crypto.randomUUID: a browser offers that only to https and to this machine.
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

addEventListener("online", () => {
  retry = FIRST_RETRY;
  send();
});
// A reload keeps the list, closing the tab does not.
addEventListener("beforeunload", (event) => {
  if (isSlow()) event.preventDefault();
});
