// A figure names the light theme's colours; here each becomes the page's present value of the same token (see sim/palette.py).

/** Our type and colours, as a Plotly template: what a figure sets itself wins over it. `token` gives a CSS variable's value. */
export function house(token) {
  const axis = { gridcolor: token("--rule"), linecolor: token("--rule"), zeroline: false, fixedrange: true };
  const label = { family: token("--sans"), color: token("--ink") };
  return {
    layout: {
      font: { family: token("--sans"), size: 12, color: token("--quiet") },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: ["--data-1", "--data-2", "--data-3", "--data-4"].map(token),
      margin: { l: 44, r: 8, t: 8, b: 40 },
      xaxis: axis,
      yaxis: axis,
      dragmode: false,
      hoverlabel: { bgcolor: token("--raised"), bordercolor: token("--control"), font: label },
    },
  };
}

/** The page's present value of a colour that a figure names; words have a darker one where the colour is too light to be read. */
export function shade(colour, palette, style = getComputedStyle(document.documentElement), isOfWords = false) {
  if (!(colour in palette)) return colour;
  const ofWords = isOfWords && style.getPropertyValue(`${palette[colour]}-words`).trim();
  return ofWords || style.getPropertyValue(palette[colour]).trim();
}

/** A copy of a figure in the page's present theme; Plotly changes what it is given, so it never gets the original. */
export function themed(figure, palette) {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const swapped = (value, isOfWords = false) => {
    if (typeof value === "string") return shade(value, palette, style, isOfWords);
    if (Array.isArray(value)) return value.map((item) => swapped(item, isOfWords));
    if (!value || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, swapped(item, isOfWords || key.endsWith("font"))]));
  };
  const { data, layout } = swapped(figure);
  return { data, layout: { ...layout, template: house(token) } };
}

/** Calls back when the reader changes between light and dark; returns how to stop that. */
export function onThemeChange(changed) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => dark.removeEventListener("change", changed);
}
