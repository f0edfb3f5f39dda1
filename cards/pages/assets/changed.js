// What is said above a card whose meaning has changed since the reader answered it.
import { element } from "./element.js";

/** The line, in a list that is empty where there is nothing to say. */
export const changed = (card) => (card.changed ? [element("p", { class: "ui changed" }, [card.changed])] : []);
