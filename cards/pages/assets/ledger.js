// The ledger component: one page of claims for as long as its element is there.
import { Ledger } from "./ledger_page.js";

const pages = new WeakMap();

export function mount(component) {
  const host = component.parentElement.querySelector(".ledger");
  if (!host) return;
  if (!pages.has(host)) pages.set(host, new Ledger(host));
  pages.get(host).update(component);
}

export function unmount(component) {
  const host = component.parentElement.querySelector(".ledger");
  pages.get(host)?.close();
  pages.delete(host);
}
