// What can be done beside moving sliders: run, seed, device, reset; and below, quieter, what can be taken away.
import { h } from "./dom.js";

export class Actions {
  /**
   * @param run, seed elements of their own
   * @param quiet elements of the second row
   * @param reset called by its button
   */
  constructor(id, { run, seed, quiet, reset }) {
    this.picker = h("select", { class: "field", id: `${id}-device` });
    this.devices = h("span", { class: "few" }, h("label", { for: this.picker.id }, "On"), this.picker);
    const button = h("button", { class: "plain", type: "button", onclick: reset }, "Reset");
    this.rows = [h("div", { class: "actions" }, run, seed, this.devices, button), h("div", { class: "actions" }, ...quiet)];
  }

  /** Where a run goes: "auto" until the reader has picked. */
  get device() {
    return this.picker.value || "auto";
  }

  /** Offer the devices of this machine; one alone is nothing to pick from. */
  offer(devices) {
    const chosen = this.device;
    const names = ["auto", ...devices];
    this.picker.replaceChildren(...names.map((name) => h("option", { selected: name === chosen }, name)));
    this.devices.hidden = devices.length < 2;
  }
}
