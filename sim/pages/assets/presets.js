// Settings worth a look, as a row of plain buttons named by what they show.
import { h } from "./dom.js";
import { alike } from "./words.js";

export class Presets {
  /**
   * @param presets title, settings, seed
   * @param choose told the preset that was pressed
   */
  constructor(presets, choose) {
    this.each = presets.map((preset) => ({
      preset,
      button: h("button", { class: "plain", type: "button", "aria-pressed": "false", onclick: () => choose(preset) }, preset.title),
    }));
    const row = h("div", { class: "presets", role: "group", "aria-label": "Settings worth a look" });
    row.append(...this.each.map(({ button }) => button));
    this.element = presets.length ? row : "";
  }

  /** Mark the one whose settings are shown. */
  mark(settings) {
    for (const { preset, button } of this.each) button.setAttribute("aria-pressed", String(alike(preset.settings, settings)));
  }
}
