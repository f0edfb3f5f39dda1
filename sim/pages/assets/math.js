// Typesets the maths that the book has marked: <span class="math inline"> and <div class="math block"> hold TeX as text.
// KaTeX is loaded with the first formula; its hidden MathML is what a screen reader reads.
let katex;

// A formula wider than its column scrolls sideways, and what scrolls must be reachable by key.
const wide = new ResizeObserver((entries) => document.fonts.ready.then(() => entries.forEach(({ target }) => reach(target))));

function reach(formula) {
  if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
  else formula.removeAttribute("tabindex");
}

export async function typeset(root) {
  const formulas = root.querySelectorAll(".math:not([data-set])");
  if (!formulas.length) return;
  katex ??= import("./vendor/katex/dist/katex.mjs").then((module) => module.default);
  const { render } = await katex;
  for (const formula of formulas) {
    const source = formula.textContent;
    formula.dataset.set = "";
    const block = formula.classList.contains("block");
    render(source, formula, { displayMode: block, throwOnError: false, trust: false });
    if (block) wide.observe(formula);
  }
}
