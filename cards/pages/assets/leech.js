// What is offered for a card that has been forgotten again and again: said once, beside the next card and never in its way.
import { element } from "./element.js";
import { Note } from "./note.js";

export class Leech {
  /** @param acts { note, suspend, pass }, each called with the card */
  constructor(root, acts) {
    Object.assign(this, { root, acts, card: null });
    root.setAttribute("role", "status");
  }

  /** Offer what can be done about a card that has now been forgotten `times` times. */
  offer(card, times) {
    this.card = card;
    const button = (words, press) => {
      const made = element("button", { type: "button", class: "plain" }, [words]);
      made.addEventListener("click", press);
      return made;
    };
    const done = (act) => () => {
      this.close();
      act(card);
    };
    const note = new Note((text, began) => this.acts.note(card, text, began));
    note.show(card.note, () => this.close());
    note.root.hidden = true;
    const place = element("a", { href: card.href, target: "_blank", rel: "noopener" }, ["Its place ↗"]);
    const source = element("span", { class: "source" }, [card.source]); // the line of the book that its author would rewrite
    const ways = [button("Write a note", () => note.edit()), place, button("Suspend it", done(this.acts.suspend)), button("Keep it", done(this.acts.pass)), source];
    const asked = element("q", {}, [excerpt(card.front)]);
    this.root.replaceChildren(element("p", {}, [`Forgotten ${times} times: `, asked, " It may be the card that is hard to keep."]), element("div", { class: "ways" }, ways), note.root);
    this.root.hidden = false;
  }

  /** Put the offer away, or only the one about this card. */
  close(id) {
    if (!this.card || (id && id !== this.card.id)) return;
    this.card = null;
    this.root.hidden = true;
    this.root.replaceChildren();
  }
}

const LONGEST = 70;

function excerpt(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const text = holder.content.textContent.replace(/\s+/g, " ").trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()} …` : text;
}
