// Small things that outlive a reload of this tab. A browser that refuses storage costs the reader that, and nothing else.
const PREFIX = "martingale.";

/** What was remembered under `name`, or `otherwise`. */
export function recall(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Remember `value` under `name` until the tab is closed. */
export function remember(name, value) {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: the list in memory still stands.
  }
}

/** Remember nothing under `name` any more. */
export function forget(name) {
  try {
    sessionStorage.removeItem(PREFIX + name);
  } catch {
    // Forbidden: then nothing was remembered either.
  }
}
