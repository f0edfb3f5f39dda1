// Two quiet reports to the server: a saved file of the book (so that the open page shows it), and how far a section has been read.
const state = new WeakMap();

export function mount(component) {
  const { parentElement, data } = component;
  const known = state.get(parentElement) ?? { furthest: 0 };
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

function watchReading(current, known) {
  const step = () => {
    const { data, setTriggerValue } = current();
    if (!data.slug) return;
    const column = document.querySelector(".st-key-column");
    if (!column) return;
    const box = column.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (innerHeight - box.top) / box.height));
    if (known.slug !== data.slug) Object.assign(known, { slug: data.slug, furthest: 0 });
    if (share < known.furthest + 0.1 && !(share > 0.98 && known.furthest < 0.98)) return;
    known.furthest = share;
    setTriggerValue("read", { slug: data.slug, share: Math.round(share * 100) / 100 });
  };
  const timer = setInterval(step, 2000);
  return () => clearInterval(timer);
}
