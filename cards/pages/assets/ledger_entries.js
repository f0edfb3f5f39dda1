// The entries on one claim, newest first, each with its note; the last one can be taken back.
import { element } from "./element.js";
import { button } from "./asking.js";
import { DRAFT, Form } from "./ledger_write.js";

const SHOWN = 8; // entries, until more are asked for

/** The notes that are being written in a list of entries, by the entry's id. */
export function drafts(list) {
  return new Map([...list.querySelectorAll(`li > .noted > ${DRAFT}`)].map((form) => [form.closest("li").dataset.entry, form.querySelector("textarea").value]));
}

/**
 * @param send does a deed; may throw an Error with a sentence
 * @param writing notes that are being written, as `drafts` gives them
 */
export function entries(claim, send, writing) {
  if (!claim.entries.length) return [];
  const list = element("ol", { class: "said-so-far" });
  const some = (from, to) => list.append(...claim.entries.slice(from, to).map((entry, place) => row(entry, claim, from + place === 0, send, writing.get(entry.id))));
  const shown = Math.max(SHOWN, 1 + claim.entries.findLastIndex((entry) => writing.has(entry.id)));
  some(0, shown);
  const all = button(`Show ${claim.entries.length - shown} earlier`, "button", () => {
    some(shown, claim.entries.length);
    list.children[shown].querySelector("button").focus({ preventScroll: true });
    all.remove();
  });
  return [element("h3", {}, ["What you said"]), list, ...(claim.entries.length > shown ? [all] : [])];
}

function row(entry, claim, isLast, send, draft) {
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
  const edit = (words) => noted.replaceChildren(editor(entry, claim, send, leave, words));
  const show = () => noted.replaceChildren(...(entry.note ? [element("p", { class: "note-words" }, [entry.note])] : []));
  const write = button(entry.note ? "Change the note" : "Add a note", "plain", () => {
    edit(entry.note);
    noted.querySelector("textarea").focus({ preventScroll: true });
  });
  const leave = () => (show(), write.focus({ preventScroll: true }));
  if (draft === undefined) show();
  else edit(draft);
  return element("li", { "data-entry": entry.id }, [
    element("p", { class: "ui" }, [element("b", {}, [entry.said]), ` ${entry.when}${about}`, element("span", { class: "ways" }, [write, ...ways])]),
    noted,
    trouble,
  ]);
}

function editor(entry, claim, send, shut, words) {
  const field = element("textarea", { class: "field", rows: "2", maxlength: "2000", "aria-label": "Note" });
  field.value = words;
  const form = new Form([field], "Keep it", () => send({ deed: "note", claim: claim.row.id, id: entry.id, note: field.value }), [button("Leave it", "plain", shut)]);
  form.root.append(field, form.ways, form.trouble);
  return form.root;
}
