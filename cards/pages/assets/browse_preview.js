// One card with both its faces side by side, where it stands, and the ways to its place in the book and to its source.
import { element } from "./element.js";
import { faces, reach } from "./faces.js";

export class Preview {
  /** @param act `close()` and `go(place)` */
  constructor(server, act, failed) {
    this.server = server;
    this.act = act;
    this.failed = failed;
    this.id = "";
    this.root = element("section", { class: "preview", role: "region", "aria-label": "Preview" });
    this.root.hidden = true;
  }

  get open() {
    return !this.root.hidden;
  }

  /** Show a card; of cards that overtake each other only the last one counts. */
  async show(id) {
    this.id = id;
    try {
      const card = await this.server.get("card", { id });
      if (this.id === id) this.draw(card);
    } catch (error) {
      if (this.id === id) this.failed(error.message);
    }
  }

  hide() {
    this.id = "";
    this.root.hidden = true;
    this.root.replaceChildren();
  }

  draw(card) {
    const { root, question, answer } = faces({ ...card.faces, filled: false });
    answer.hidden = false;
    if (card.faces.filled) answer.classList.add("filled");
    const side = (name, face) => element("div", { class: "side" }, [element("h3", { class: "ui" }, [name]), face]);
    root.replaceChildren(side("Asked", question), side("Answered", answer));
    const facts = card.facts.flatMap(([name, value]) => [element("dt", {}, [name]), element("dd", {}, [value])]);
    const note = card.note ? [element("p", { class: "note" }, [element("b", {}, ["Your note "]), card.note])] : [];
    this.root.replaceChildren(
      this.head(card),
      root,
      element("div", { class: "known ui" }, [element("dl", {}, facts), ...note]),
    );
    this.root.hidden = false;
    this.root.scrollTop = 0;
    for (const face of [question, answer]) reach(face);
  }

  head(card) {
    const place = element("a", { href: card.place }, [card.section]);
    place.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.act.go(card.place);
    });
    const source = card.open ? element("a", { href: card.open, class: "source" }, [card.source]) : element("span", { class: "source" }, [card.source]);
    const close = element("button", { type: "button", class: "plain close" }, ["Close ", element("kbd", { "aria-hidden": "true" }, ["Esc"])]);
    close.addEventListener("click", () => this.act.close());
    const stands = [card.standing, ...card.flags].join(" · ");
    return element("header", { class: "ui" }, [place, element("span", {}, [stands]), source, close]);
  }
}
