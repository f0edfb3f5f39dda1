// What a reader takes away of what is shown: the numbers, or the picture. Each resolves to { blob, name }.
import { previewData, runData } from "./requests.js";
import { rasterised, slide } from "./slide.js";
import { fileName, settingsInWords } from "./words.js";

const UNFINISHED = "Only a run that has come to its end has data to download. Let it run to its end, or press Reset.";

/** The numbers of a picture: those of its run if it is a run's, kept from earlier or not, else of the exact one. */
export async function asTable({ state, run, kept, settings, seed }, toy) {
  if (state === "running") throw new Error(UNFINISHED);
  const blob = await (run ? runData(run) : previewData(toy, settings, seed, kept));
  return { blob, name: `${fileName(toy, settings, seed)}.csv` };
}

export async function asSvg(picture, plot, data) {
  const blob = new Blob([await drawn(picture, plot, data)], { type: "image/svg+xml" });
  return { blob, name: `${fileName(data.toy, picture.settings, picture.seed)}.svg` };
}

export async function asPng(picture, plot, data) {
  const blob = await rasterised(await drawn(picture, plot, data));
  return { blob, name: `${fileName(data.toy, picture.settings, picture.seed)}.png` };
}

async function drawn({ figure, ...words }, plot, { names, palette }) {
  const foot = settingsInWords(words.settings, words.seed, names);
  return slide(await plot.ready, figure, palette, { ...words, foot });
}
