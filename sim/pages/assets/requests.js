// What a panel asks of the server. Every failure is an Error whose message is a sentence for the reader.
const RETRY = 1000; // ms
const NOT_FOUND = 404;
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

/** Start a run; resolves to its id. */
export async function start(toy, settings, seed, device) {
  const body = JSON.stringify({ settings, seed, device });
  return (await (await answered(fetch(`/sim/${toy}/runs`, { method: "POST", headers: OURS, body }))).json()).id;
}

/** End a run. */
export async function cancel(id) {
  await answered(fetch(`/sim/runs/${id}/cancel`, { method: "POST", headers: OURS }));
}

/**
 * Watch a run until it is over. The browser reconnects by itself and gets what it has missed.
 * @param told called with each message
 * @param broken called while the server does not answer
 * @param lost called when the server knows no such run
 * @returns how to look away; the run goes on for a while
 */
export function watch(id, { told, broken, lost }) {
  const url = `/sim/runs/${id}/frames`;
  let source, away;
  const look = () => {
    if (away) return;
    source = new EventSource(url);
    source.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.state !== "waiting" && message.state !== "running") source.close();
      told(message);
    };
    source.onerror = () => (source.readyState === EventSource.CLOSED ? ask() : broken());
  };
  // The browser has given up and does not say why; it gives up, too, on a page that is being left.
  const ask = async () => {
    const hangUp = new AbortController();
    const status = await fetch(url, { signal: hangUp.signal }).then((answer) => answer.status, () => 0);
    hangUp.abort();
    if (away) return;
    if (status === NOT_FOUND) return lost();
    broken();
    setTimeout(look, RETRY);
  };
  look();
  return () => {
    away = true;
    source.close();
  };
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
