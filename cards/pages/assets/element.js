// Elements without markup in strings: text stays text.
/** Make an element with attributes and children; a child that is a string becomes text. */
export function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
