// The review component: one desk for as long as its element is on the page.
import { Desk } from "./desk.js";

const desks = new WeakMap();

export function mount(component) {
  const host = component.parentElement.querySelector(".review");
  if (!host) return;
  if (!desks.has(host)) desks.set(host, new Desk(host));
  desks.get(host).update(component);
}

export function unmount(component) {
  const host = component.parentElement.querySelector(".review");
  desks.get(host)?.close();
  desks.delete(host);
}
