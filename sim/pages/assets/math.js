// Typesets the maths that the book has marked: <span class="math inline"> and <div class="math block"> hold TeX as text.
// KaTeX is loaded with the first formula; its hidden MathML is what a screen reader reads.
let katex;

export async function typeset(root) {
  const formulas = root.querySelectorAll(".math:not([data-set])");
  if (!formulas.length) return;
  katex ??= import("./vendor/katex/dist/katex.mjs").then((module) => module.default);
  const { render } = await katex;
  for (const formula of formulas) {
    const source = formula.textContent;
    formula.dataset.set = "";
    render(source, formula, { displayMode: formula.classList.contains("block"), throwOnError: false, trust: false });
  }
}
