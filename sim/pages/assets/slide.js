// What a panel shows as one picture for a slide, 16 to 9: title, caption, figure, and small below how to make it again.
// Always in light colours, on the book's paper: slides and prints are light, whatever the reader's screen is. The type is inside the
// file, so that it looks the same wherever it is opened.
import { house } from "./theme.js";

const WIDTH = 960;
const HEIGHT = 540;
const MARGIN = 36;
const SCALE = 2; // of the PNG: 1920 by 1080
const INTER = new URL("./vendor/inter/files/inter-latin-wght-normal.woff2", import.meta.url);
const TITLE = { weight: 600, size: 20, line: 28, token: "--ink" };
const CAPTION = { weight: 400, size: 13, line: 19, token: "--quiet" };
const FOOT = { weight: 400, size: 10, line: 14, token: "--quiet" };

let type;

/**
 * @param Plotly the bundle
 * @param figure in the light theme's colours, as toys draw it
 * @param palette colour → CSS variable, see sim/palette.py
 * @param words title, caption, readout, foot
 * @returns the picture as the text of an SVG file
 */
export async function slide(Plotly, figure, palette, words) {
  type ??= asData(INTER);
  const light = Object.fromEntries(Object.entries(palette).map(([colour, name]) => [name, colour]));
  const token = (name) => light[name] ?? getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const wide = WIDTH - 2 * MARGIN;
  const foot = lines(words.foot, FOOT, wide);
  const text = [];
  let y = write(text, lines(words.title, TITLE, wide), TITLE, MARGIN - 6, token);
  y = write(text, lines(words.caption, CAPTION, wide), CAPTION, y, token) + 8;
  const floor = HEIGHT - MARGIN + 10 - foot.length * FOOT.line;
  write(text, foot, FOOT, floor, token);

  const layout = { ...figure.layout, template: house(token), width: wide, height: floor - 8 - y };
  const drawn = await Plotly.toImage({ data: figure.data, layout }, { format: "svg", width: wide, height: layout.height, imageDataOnly: true });
  const inner = new DOMParser().parseFromString(drawn, "image/svg+xml").documentElement;
  inner.setAttribute("x", MARGIN);
  inner.setAttribute("y", y);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escaped(words.title)}</title><desc>${escaped(words.readout)}</desc>`,
    `<style>@font-face { font-family: "Inter"; src: url(${await type}) format("woff2"); font-weight: 100 900; }</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${token("--paper")}"/>`,
    ...text,
    new XMLSerializer().serializeToString(inner),
    "</svg>",
  ].join("\n");
}

/** An SVG file as a PNG of twice its size. */
export async function rasterised(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [SCALE * WIDTH, SCALE * HEIGHT];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Add lines of text below a height; returns the height below them. */
function write(text, said, { weight, size, line, token: name }, y, token) {
  for (const words of said) {
    y += line;
    const place = `x="${MARGIN}" y="${y - (line - size) / 2}" fill="${token(name)}"`;
    text.push(`<text ${place} font-family="Inter, system-ui, sans-serif" font-size="${size}" font-weight="${weight}">${escaped(words)}</text>`);
  }
  return y;
}

/** Break words into lines that fit. */
function lines(words, { weight, size }, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px Inter, system-ui, sans-serif`;
  const found = [];
  for (const word of words.split(/\s+/).filter(Boolean)) {
    const longer = found.length ? `${found.at(-1)} ${word}` : word;
    if (found.length && pen.measureText(longer).width <= width) found[found.length - 1] = longer;
    else found.push(word);
  }
  return found;
}

async function asData(address) {
  const blob = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error("The picture's type could not be read. Try again."));
    reader.readAsDataURL(blob);
  });
}

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (words) => words.replace(/[&<>"]/g, (sign) => SIGNS[sign]);
