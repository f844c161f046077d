/** The fields in which people say where a run is to stop by itself. */

const WHOLE = /^\d+$/;
const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * @param {Element} element with an input `data-rule` for each rule, its label and its problem
 * @param {number} lastEpoch where every run ends
 * @param {(rules: Object<string, number>) => void} changed all rules that are set
 * @returns {() => void} lets go of the page
 */
export function bindRules(element, lastEpoch, changed) {
  const upTo = { pattern: WHOLE, low: 1, high: lastEpoch, rule: `a whole number 1…${lastEpoch}` };
  const kinds = {
    epoch: { ...upTo, name: "the epoch to stop at" },
    loss: { name: "the loss to stop at", pattern: NUMBER, low: 0, high: Number.MAX_VALUE, rule: "a number, 0 or more" },
    patience: { ...upTo, name: "the epochs to wait" },
  };
  const rules = {};
  const read = ({ target }) => {
    const text = target.value.trim();
    const { name, pattern, low, high, rule } = kinds[target.dataset.rule];
    const value = Number(text);
    const fits = text === "" || (pattern.test(text) && value >= low && value <= high);
    const problem = element.querySelector(`#${target.getAttribute("aria-describedby")}`);
    problem.textContent = fits ? "" : `${name} must be ${rule}; got ${text.slice(0, 20)}`;
    target.setAttribute("aria-invalid", String(!fits));
    if (!fits) return;
    if (text === "") delete rules[target.dataset.rule];
    else rules[target.dataset.rule] = value;
    element.querySelector("summary").dataset.count = Object.keys(rules).length || "";
    changed({ ...rules });
  };
  element.addEventListener("change", read);
  const elsewhere = ({ target }) => {
    if (!element.contains(target)) element.open = false;
  };
  document.addEventListener("pointerdown", elsewhere);
  element.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    element.open = false;
    element.querySelector("summary").focus();
  });
  return () => document.removeEventListener("pointerdown", elsewhere);
}
