// Asks for a run of the whole page, for what a run of a component's own part of it cannot bring to the server any more.
import { rely } from "./pending.js";

export function mount({ setTriggerValue }) {
  rely(() => setTriggerValue("again", Date.now()));
}

export function unmount() {
  rely(null);
}
