// The review component: one desk for as long as its element is on the page.
import { Desk } from "./desk.js";
import { mounted } from "./mounted.js";

export const { mount, unmount } = mounted(".review", (host) => new Desk(host));
