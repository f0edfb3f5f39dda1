// The ledger component: one page of claims for as long as its element is there.
import { Ledger } from "./ledger_page.js";
import { mounted } from "./mounted.js";

export const { mount, unmount } = mounted(".ledger", (host) => new Ledger(host));
