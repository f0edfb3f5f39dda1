// Answers, undos and decisions that the server has not confirmed yet, in the order in which the reader made them.
//
// One list for the whole tab, kept in the tab's storage, so that a reload sends again what was not confirmed. It is sent until
// it is confirmed: the server knows each operation by its id and does it once. Each goes through the component it was made in,
// which is then given what has become of its card; what an earlier page left over goes through the one that shows its card, or
// any. What two components carry at once may arrive in either order, so one has its turn after the other.
// Nothing more is sent while an answer is awaited, so that a fast reader does not interrupt the run that is saving.
import { newId, tab } from "./ids.js";
import { recall, remember } from "./storage.js";

const FIRST_RETRY = 1500;
const LAST_RETRY = 12000;
const SOON = 30; // milliseconds: the frame that shows the next card goes first
const TRIES = 3; // in vain, after which the whole page is asked for
const ARRIVAL = 300; // a page's components arrive one by one
const SLOW = 2000; // after this long without a confirmation the reader is told

const senders = new Map(); // the element of a component → the function that sends for it
const makers = new Map(); // the id of an operation, or of a card → the element of the component that it belongs to
const listeners = new Set();
let list = recall("pending", []);
let sentAt = 0; // 0: no batch is under way
let retry = FIRST_RETRY;
let timer = 0;
let tries = 0; // since the server has last confirmed anything
let lifeline = null; // asks for a run of the whole page
const refusals = new Map(); // the element of a component → why its last batch was refused, as a sentence, or ""

/** What has not been confirmed, oldest first. */
export const pending = () => list;

/** Why what is pending was refused, as a sentence; empty while all is well. */
export const problem = () => (list.length && [...refusals.values()].find(Boolean)) || "";

/** Whether the reader has waited for a confirmation long enough to be told. */
export const isSlow = () => list.length > 0 && (problem() !== "" || Date.now() - list[0].made >= SLOW);

/** Call `listener` whenever the list, or what there is to say about it, changes. Returns the way to stop. */
export function onPending(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Let a component, which may show a certain card, carry operations to the server, and take in what it was told of them. */
export function attach(host, { data, setTriggerValue }, card) {
  senders.set(host, (batch) => setTriggerValue("operations", batch));
  if (card) makers.set(card, host);
  take(data, host);
}

/** The component has left the page. */
export function detach(host) {
  senders.delete(host);
  refusals.delete(host);
}

/** Add one operation, made in the component of `host`, and send it. `at` says when it happened, if that was not now. */
export function add(operation, host) {
  const entry = { id: `${newId()}.${tab}`, made: Date.now(), at: Date.now(), ...operation };
  makers.set(entry.id, host);
  keep([...list.filter((other) => !replaces(entry, other)), entry]);
  setTimeout(tell, SLOW + 50);
  sendIn(SOON);
  return entry;
}

/** Ask this for a run of the whole page where nothing else helps; null when there is nothing to ask. */
export function rely(again) {
  lifeline = again;
}

function take({ confirmed = [], problem: refused = "" }, host) {
  const left = list.filter((operation) => !confirmed.includes(operation.id));
  const isProgress = left.length < list.length;
  // The server is there, so a batch that it has not answered by now has been lost.
  const isLost = Date.now() - sentAt > FIRST_RETRY;
  refusals.set(host, refused);
  if (isProgress) keep(left);
  if (isProgress || isLost) sentAt = 0;
  if (isProgress || refused) [retry, tries] = [FIRST_RETRY, 0];
  if (refused && left.length) wait();
  else if (left.length && !sentAt) sendIn(isProgress ? 0 : ARRIVAL);
  tell();
}

function sendIn(milliseconds) {
  setTimeout(() => sentAt || send(), milliseconds);
}

function send() {
  if (!list.length || !senders.size) return;
  sentAt = Date.now();
  wait();
  tries += 1;
  // A server that was started again knows none of the page's parts, and passes over what they send, until the page has run.
  if (lifeline && tries >= TRIES && (tries - TRIES) % 2 === 0) {
    lifeline();
    clearTimeout(timer);
    timer = setTimeout(send, FIRST_RETRY);
    return;
  }
  const [anyone] = senders.keys();
  const maker = ({ id, card, cards }) => [makers.get(id), makers.get(card ?? cards[0]), anyone].find((host) => senders.has(host));
  // The age is sent, not the hour: the reader's clock and the server's need not agree.
  const aged = ({ at, made, ...operation }) => ({ ...operation, age: sentAt - at });
  const host = maker(list[0]);
  const others = list.findIndex((operation) => maker(operation) !== host);
  senders.get(host)(list.slice(0, others < 0 ? list.length : others).map(aged));
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(() => send(), retry);
  retry = Math.min(retry * 2, LAST_RETRY);
}

function keep(operations) {
  list = operations;
  remember("pending", list);
  if (list.length) return;
  clearTimeout(timer);
  refusals.clear();
}

// Of the versions of a note only the newest is worth sending.
const replaces = (entry, other) => entry.kind === "note" && other.kind === "note" && entry.cards[0] === other.cards[0];

function tell() {
  for (const listener of listeners) listener();
}

addEventListener("online", () => {
  retry = FIRST_RETRY;
  send();
});
// A reload keeps the list, closing the tab does not.
addEventListener("beforeunload", (event) => {
  if (isSlow()) event.preventDefault();
});
