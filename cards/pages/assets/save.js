// Files that the server makes, saved by the browser.
import { element } from "./element.js";

const READ = 10_000; // milliseconds that a browser may take before it reads what it is to save

/**
 * Fetch a file and have it saved; what goes wrong is an Error whose message is a sentence.
 * @param server a `Server`
 * @param what of its addresses, below its root
 * @param name the file's
 */
export async function save(server, what, name) {
  const address = URL.createObjectURL(await server.file(what));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), READ);
}
