// The downloads of a page: what they will hold, a button for each file, and one sentence where one cannot be made.
import { button } from "./asking.js";
import { Server } from "./browse_server.js";
import { element } from "./element.js";
import { mounted } from "./mounted.js";
import { save } from "./save.js";

class Downloads {
  constructor(host) {
    this.server = new Server(() => this.component.setTriggerValue("renew", Date.now()), "/cards/files");
    this.said = element("p", { class: "ui", role: "status" });
    this.ways = element("p", { class: "ui ways" });
    this.trouble = element("p", { class: "ui trouble", role: "alert" });
    this.buttons = [];
    host.replaceChildren(this.said, this.ways, this.trouble);
  }

  close() {}

  /** Take in what the page has sent; buttons stay the same elements, as one of them may have the focus. */
  update(component) {
    this.component = component;
    const { ticket, said, files, link } = component.data;
    this.server.hold(ticket);
    this.said.textContent = said;
    this.files = files;
    if (this.buttons.length !== files.length) {
      this.buttons = files.map((_, place) => button("", "button", () => this.press(place)));
      this.link = element("a", { target: "_blank" });
      this.ways.replaceChildren(...this.buttons, this.link);
    }
    files.forEach((file, place) => {
      this.buttons[place].textContent = file.words;
      this.buttons[place].classList.toggle("first", file.main);
      this.buttons[place].disabled = !file.offered;
    });
    this.link.textContent = link?.words ?? "";
    this.link.href = link?.address ?? "";
    this.link.hidden = !link;
  }

  /** Have a file made and saved, once at a time. */
  async press(place) {
    const { name, query } = this.files[place];
    const pressed = this.buttons[place];
    if (pressed.ariaBusy === "true") return;
    pressed.ariaBusy = "true";
    this.trouble.textContent = "";
    try {
      await save(this.server, `${name}?${new URLSearchParams(query)}`, name);
    } catch (error) {
      this.trouble.textContent = error.message;
    } finally {
      pressed.ariaBusy = null;
    }
  }
}

export const { mount, unmount } = mounted(".downloads", (host) => new Downloads(host));
