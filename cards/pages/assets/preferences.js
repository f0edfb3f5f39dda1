// The preferences component: a form without a button to save, for each change is saved as it is made.
import { element } from "./element.js";

const forms = new WeakMap();

export function mount(component) {
  const host = component.parentElement.querySelector(".preferences");
  if (!host) return;
  if (!forms.has(host)) forms.set(host, new Form(host));
  forms.get(host).update(component);
}

export function unmount(component) {
  forms.delete(component.parentElement.querySelector(".preferences"));
}

class Form {
  constructor(host) {
    this.host = host;
    this.rows = new Map(); // the name of a preference → its row
    this.notes = element("div", { class: "ui notes" });
    this.groups = element("div");
    this.said = element("p", { class: "ui said", role: "status" });
    this.reset = element("button", { type: "button", class: "plain" }, ["Put everything back as it was at first"]);
    this.reset.addEventListener("click", () => this.component.setTriggerValue("reset", Date.now()));
    host.replaceChildren(this.notes, this.groups, element("p", { class: "ui" }, [this.reset]), this.said);
  }

  update(component) {
    this.component = component;
    const { groups, said, notes } = component.data;
    this.notes.replaceChildren(...notes.map((sentence) => element("p", {}, [sentence])));
    if (!this.rows.size) this.groups.replaceChildren(...groups.map((group) => this.group(group)));
    for (const wish of groups.flatMap((group) => group.wishes)) this.rows.get(wish.name).show(wish);
    if (!said.sentence) return;
    for (const row of this.rows.values()) row.say("");
    this.said.textContent = said.name ? "" : said.sentence;
    this.rows.get(said.name)?.say(said.sentence);
  }

  group({ title, wishes }) {
    const rows = wishes.map((wish) => {
      const row = new Row(wish, (value) => this.component.setTriggerValue("chosen", { name: wish.name, value }));
      this.rows.set(wish.name, row);
      return row.root;
    });
    return element("fieldset", {}, [element("legend", {}, [title]), ...rows]);
  }
}

class Row {
  constructor(wish, choose) {
    this.wish = wish;
    const id = `preference-${wish.name}`;
    this.about = element("p", { class: "ui about", id: `${id}-about` }, [wish.about]);
    this.said = element("p", { class: "ui said", role: "status" });
    this.field = FIELDS[wish.kind](wish);
    this.field.id = id;
    if (wish.about) this.field.setAttribute("aria-describedby", this.about.id);
    this.field.addEventListener("change", () => this.change(choose));
    const unit = wish.unit ? [element("span", { class: "ui" }, [wish.unit])] : [];
    const label = element("label", { for: id }, [wish.label]);
    const control = element("span", { class: "control" }, [this.field, ...unit]);
    this.root = element("div", { class: `row ${wish.kind}` }, [label, control, this.about, this.said]);
  }

  /** Show a saved value, unless the reader is in the middle of writing another. */
  show(wish) {
    if (document.activeElement === this.field && wish.kind === "number") return;
    if (wish.kind === "switch") this.field.checked = wish.value;
    else this.field.value = String(wish.value);
  }

  say(sentence) {
    if (this.said.textContent !== sentence) this.said.textContent = sentence;
    this.field.setAttribute("aria-invalid", String(Boolean(sentence) && sentence !== "Saved."));
  }

  change(choose) {
    const { kind, least, most, unit } = this.wish;
    if (kind === "switch") return choose(this.field.checked);
    if (kind === "choice") return choose(this.field.value);
    const value = this.field.valueAsNumber;
    if (Number.isInteger(value) && value >= least && value <= most) return choose(value);
    return this.say(`Choose a whole number from ${least} to ${most} ${unit}.`);
  }
}

const FIELDS = {
  number: ({ least, most }) =>
    element("input", { class: "field", type: "number", min: least, max: most, step: 1, inputmode: "numeric", required: "" }),
  switch: () => element("input", { type: "checkbox" }),
  choice: ({ choices }) =>
    element("select", { class: "field" }, choices.map(([value, words]) => element("option", { value }, [words]))),
};
