// What a panel asks of the server. Every failure is an Error whose message is a sentence for the reader.
import { token } from "./token.js";

const READER = "martingale.reader";
const OURS = { "X-Martingale": "1" }; // a page elsewhere cannot send it

async function answered(request) {
  let answer;
  try {
    answer = await request;
  } catch {
    throw new Error("The server does not answer. What is shown stays as it is; try again when it is back.");
  }
  if (answer.ok) return answer;
  const { error } = await answer.json().catch(() => ({}));
  throw new Error(error ?? `The server refused this (status ${answer.status}).`);
}

/** The exact picture for these settings. */
export async function preview(toy, settings, seed) {
  const query = new URLSearchParams({ ...settings, seed });
  return (await answered(fetch(`/sim/${toy}/preview?${query}`))).json();
}

/** The pictures of every position of one slider; see sim/scrub.py. */
export async function range(toy, setting, settings, seed, signal) {
  const query = new URLSearchParams({ ...settings, setting, seed });
  return (await answered(fetch(`/sim/${toy}/range?${query}`, { signal }))).json();
}

/** The numbers behind an exact picture, or of a run that was kept from earlier, as a file. */
export async function previewData(toy, settings, seed, kept) {
  const query = new URLSearchParams({ ...settings, seed, ...(kept ? { kept } : {}) });
  return (await answered(fetch(`/sim/${toy}/data.csv?${query}`))).blob();
}

/** The numbers of a run that is done, as a file. */
export async function runData(id) {
  return (await answered(fetch(`/sim/runs/${id}/data.csv`))).blob();
}

/** Start a run; resolves to its id and, if the result is kept from an earlier run, to the last message of that. */
export async function start(toy, settings, seed, device) {
  return begin(`/sim/${toy}/runs`, { settings, seed, device });
}

/** Start anything that runs as simulations do; resolves to its id. */
export async function begin(address, what = {}) {
  const body = JSON.stringify({ ...what, reader: reader() });
  return (await answered(fetch(address, { method: "POST", headers: OURS, body }))).json();
}

/** What this tab calls itself, so that tabs take turns where runs have to wait. */
function reader() {
  if (!sessionStorage.getItem(READER)) sessionStorage.setItem(READER, token());
  return sessionStorage.getItem(READER);
}

/** End a run. */
export async function cancel(id) {
  await answered(fetch(`/sim/runs/${id}/cancel`, { method: "POST", headers: OURS }));
}

/** Lets one request at a time through; of those that come meanwhile, only the latest is made. */
export class Latest {
  constructor(ask) {
    this.ask = ask;
  }

  async want(...what) {
    this.wanted = what;
    if (this.asking) return;
    this.asking = true;
    while (this.wanted) {
      const next = this.wanted;
      this.wanted = undefined;
      await this.ask(...next);
    }
    this.asking = false;
  }
}
