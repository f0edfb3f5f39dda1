// The runs that this page watches, all through one connection: a browser allows six to a server, for all of its tabs,
// and a stream holds its own for as long as it lasts. With one for each run, Stop could not be told to the server.
const RETRY = 1000; // ms
const NOT_FOUND = 404;

const watched = new Map(); // id → what was seen of it last, and who is told
let source; // the open stream
let due; // a stream is about to be opened anew
let retry;

/**
 * Watch a run until it is over. The browser reconnects by itself and gets what it has missed.
 * @param told called with each message
 * @param broken called while the server does not answer
 * @param lost called when the server knows no such run
 * @returns how to look away; the run goes on for a while
 */
export function watch(id, { told, broken, lost }) {
  const entry = { after: 0, told, broken, lost };
  watched.set(id, entry);
  soon();
  return () => {
    if (watched.get(id) !== entry) return;
    watched.delete(id);
    soon();
  };
}

/** Many may come and go at once, as with a page that is turned: the stream is opened anew once. */
function soon() {
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    look();
  });
}

function look() {
  clearTimeout(retry);
  source?.close();
  source = undefined;
  if (!watched.size) return;
  const ids = [...watched.keys()];
  const after = [...watched.values()].map((entry) => entry.after);
  const url = `/sim/runs/${ids}/frames?after=${after}`;
  const mine = (source = new EventSource(url));
  ids.forEach((id, place) => mine.addEventListener(id, (event) => hear(id, place, event)));
  mine.onerror = () => (mine.readyState === EventSource.CLOSED ? ask(url, mine) : each("broken"));
}

function hear(id, place, { data, lastEventId }) {
  const entry = watched.get(id);
  if (!entry) return;
  const message = JSON.parse(data);
  entry.after = Number(lastEventId.split(",")[place]);
  if (message.state !== "waiting" && message.state !== "running") {
    watched.delete(id);
    if (!watched.size) soon(); // else the stream goes on for the others
  }
  if (message.state === "lost") entry.lost();
  else entry.told(message);
}

/** The browser has given up and does not say why; it gives up, too, on a page that is being left. */
async function ask(url, mine) {
  const hangUp = new AbortController();
  const status = await fetch(url, { signal: hangUp.signal }).then((answer) => answer.status, () => 0);
  hangUp.abort();
  if (mine !== source) return;
  if (status !== NOT_FOUND) {
    each("broken");
    retry = setTimeout(look, RETRY);
    return;
  }
  const lost = [...watched.values()];
  watched.clear();
  for (const entry of lost) entry.lost();
}

function each(what) {
  for (const entry of [...watched.values()]) entry[what]();
}
