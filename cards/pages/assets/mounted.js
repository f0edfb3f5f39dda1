// What most components are: one object for as long as its element is on the page.

/**
 * The two ends of a component.
 * @param selector of its element, within what Streamlit gives it
 * @param make the object of an element; it has `update(component)`, which is called at once and at every change, and `close()`
 */
export function mounted(selector, make) {
  const made = new WeakMap();
  const find = (component) => component.parentElement.querySelector(selector);
  return {
    mount(component) {
      const host = find(component);
      if (!host) return;
      if (!made.has(host)) made.set(host, make(host));
      made.get(host).update(component);
    },
    unmount(component) {
      const host = find(component);
      made.get(host)?.close();
      made.delete(host);
    },
  };
}
