// Builds elements: h("p", { class: "said" }, "words", child).
// A property that starts with "on" is a listener; text is never read as HTML.
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A drawing of ours, 16 by 16, in the colour of the words around it; its name stands on what holds it. */
export function icon(shapes) {
  const holder = document.createElement("template");
  holder.innerHTML = `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${shapes}</svg>`;
  return holder.content.firstChild;
}
