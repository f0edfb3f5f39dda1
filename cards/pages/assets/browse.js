// The browse component: one page of searches for as long as its element is there.
import { Browse } from "./browse_page.js";
import { mounted } from "./mounted.js";

export const { mount, unmount } = mounted(".browse", (host) => new Browse(host));
