// Two quiet reports to the server: a saved file of the book (so that the open page shows it), and how far a section has been read.
const state = new WeakMap();

export function mount(component) {
  const { parentElement, data } = component;
  const known = state.get(parentElement) ?? {};
  known.component = component;
  state.set(parentElement, known);
  if (known.listening) return;
  known.listening = true;
  known.stopSaves = watchSaves(() => known.component, data.fingerprint);
  known.stopReading = watchReading(() => known.component, known);
}

export function unmount({ parentElement }) {
  const known = state.get(parentElement);
  known?.stopSaves();
  known?.stopReading();
  state.delete(parentElement);
}

// A connection is held only while the page can be seen: a browser allows six to a server, and tabs are left open.
function watchSaves(current, fingerprint) {
  let seen = fingerprint;
  let source = null;
  const listen = () => {
    if (document.visibilityState !== "visible") {
      source?.close();
      source = null;
      return;
    }
    source ??= new EventSource("/content/changes");
    source.onmessage = ({ data }) => {
      if (data === seen) return;
      seen = data;
      current().setTriggerValue("saved", data);
    };
  };
  listen();
  document.addEventListener("visibilitychange", listen);
  return () => {
    document.removeEventListener("visibilitychange", listen);
    source?.close();
  };
}

// Scrolling past is not reading: the share grows at most four times as fast as the section's reading time allows.
const HASTE = 4;
const TICK = 2;

function watchReading(current, known) {
  const step = () => {
    const { data, setTriggerValue } = current();
    const column = document.querySelector(".st-key-column");
    if (!data.slug || !column || document.visibilityState !== "visible") return;
    if (known.slug !== data.slug) Object.assign(known, { slug: data.slug, furthest: data.share, told: data.share });
    const box = column.getBoundingClientRect();
    const onScreen = Math.min(1, Math.max(0, (innerHeight - box.top) / box.height));
    const allowed = known.furthest + (HASTE * TICK) / (60 * data.minutes);
    known.furthest = Math.max(known.furthest, Math.min(onScreen, allowed));
    if (known.furthest < known.told + 0.1 && !(known.furthest > 0.98 && known.told <= 0.98)) return;
    known.told = known.furthest;
    setTriggerValue("read", { slug: data.slug, share: Math.round(known.furthest * 100) / 100 });
  };
  const timer = setInterval(step, TICK * 1000);
  return () => clearInterval(timer);
}
