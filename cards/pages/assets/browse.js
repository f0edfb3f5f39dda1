// The browse component: one page of searches for as long as its element is there.
import { Browse } from "./browse_page.js";

const pages = new WeakMap();

export function mount(component) {
  const host = component.parentElement.querySelector(".browse");
  if (!host) return;
  if (!pages.has(host)) pages.set(host, new Browse(host));
  pages.get(host).update(component);
}

export function unmount(component) {
  const host = component.parentElement.querySelector(".browse");
  pages.get(host)?.close();
  pages.delete(host);
}
