// The entries on one claim, newest first, each with its note; the last one can be taken back.
import { element } from "./element.js";
import { button } from "./asking.js";
import { Form } from "./ledger_write.js";

const SHOWN = 8; // entries, until more are asked for

/** @param send does a deed; may throw an Error with a sentence */
export function entries(claim, send) {
  if (!claim.entries.length) return [];
  const list = element("ol", { class: "said-so-far" });
  const some = (from, to) => list.append(...claim.entries.slice(from, to).map((entry, place) => row(entry, claim, from + place === 0, send)));
  some(0, SHOWN);
  const all = button(`Show ${claim.entries.length - SHOWN} earlier`, "button", () => {
    some(SHOWN, claim.entries.length);
    list.children[SHOWN].querySelector("button").focus({ preventScroll: true });
    all.remove();
  });
  return [element("h3", {}, ["What you said"]), list, ...(claim.entries.length > SHOWN ? [all] : [])];
}

function row(entry, claim, isLast, send) {
  const trouble = element("p", { class: "ui trouble", role: "alert" });
  const about = entry.about ? ` · ${entry.about}` : "";
  const noted = element("div", { class: "noted" });
  const takeBack = async () => {
    try {
      await send({ deed: "take-back", claim: claim.row.id, id: entry.id });
    } catch (error) {
      trouble.textContent = error.message;
    }
  };
  const ways = isLast ? [button("Take back", "plain", takeBack)] : [];
  const edit = () => noted.replaceChildren(editor(entry, claim, send, show));
  const show = () => noted.replaceChildren(...(entry.note ? [element("p", { class: "note-words" }, [entry.note])] : []));
  const write = button(entry.note ? "Change the note" : "Add a note", "plain", () => {
    edit();
    noted.querySelector("textarea").focus({ preventScroll: true });
  });
  show();
  return element("li", {}, [
    element("p", { class: "ui" }, [element("b", {}, [entry.said]), ` ${entry.when}${about}`, element("span", { class: "ways" }, [write, ...ways])]),
    noted,
    trouble,
  ]);
}

function editor(entry, claim, send, shut) {
  const field = element("textarea", { class: "field", rows: "2", maxlength: "2000", "aria-label": "Note" });
  field.value = entry.note;
  const form = new Form([field], "Keep it", () => send({ deed: "note", claim: claim.row.id, id: entry.id, note: field.value }), [button("Leave it", "plain", shut)]);
  form.root.append(field, form.ways, form.trouble);
  return form.root;
}
