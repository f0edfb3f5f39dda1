// What all claims come to together, and the checks of conservation that were done: words and tables from the server.
import { asking } from "./asking.js";
import { element } from "./element.js";

const PATHS = "A path here ends at your last credence, before the claim turned out: it shows how you move. Calibration, below, holds the same credences to the truth.";

/** A table in a box that scrolls by itself; a row's first cell is its name. */
export function table(name, head, rows) {
  return element("div", { class: "table", tabindex: "0", role: "region", "aria-label": name }, [
    element("table", {}, [
      element("thead", {}, [element("tr", {}, head.map((words) => element("th", { scope: "col" }, [words])))]),
      element("tbody", {}, rows.map(([first, ...rest]) => element("tr", {}, [element("th", { scope: "row" }, [first]), ...rest.map((cell) => element("td", {}, [cell]))]))),
    ]),
  ]);
}

export function together({ rows, verdict, drift, toy }) {
  const heading = element("h2", {}, ["Together"]);
  if (!rows.length) return [heading, element("p", {}, ["Nothing has moved yet: this begins with the second credence in a claim."])];
  return [
    heading,
    element("p", { class: "verdict" }, [verdict]),
    ...(drift ? [element("p", { class: "drift" }, [drift])] : []),
    table("Together", ["Over all claims", "Yours", "What it is"], rows),
    element("p", { class: "ui" }, [PATHS]),
    ...(toy ? [element("p", { class: "ui" }, [toy.sentence, " ", element("a", { href: toy.link }, ["See that forecaster in the lab"])])] : []),
  ];
}

/** @param forget deletes what was said of the evidence with an id */
export function checks(done, forget) {
  if (!done.length) return [];
  const rows = done.map(({ id, name, place, sentences, when }) => {
    const what = place ? element("a", { href: place }, [name]) : element("b", {}, [name]);
    const deleting = asking("Delete for good", "Delete for good what you said of this evidence? It cannot be brought back from here.", "Delete it", () => forget(id));
    return element("li", {}, [element("p", { class: "ui" }, [what, ` · ${when}`]), element("p", {}, [sentences.join(" ")]), deleting]);
  });
  return [element("h2", {}, ["Conservation checks"]), element("ol", { class: "done" }, rows)];
}
