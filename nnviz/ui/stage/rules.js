/** The fields in which people say where a run is to stop by itself. */

const RULES = {
  epoch: { fits: (value) => Number.isInteger(value) && value >= 1 && value <= 1e6, rule: "a whole number 1…1000000" },
  loss: { fits: (value) => Number.isFinite(value) && value >= 0, rule: "a number, 0 or more" },
  patience: { fits: (value) => Number.isInteger(value) && value >= 1 && value <= 1e6, rule: "a whole number of epochs 1…1000000" },
};
const NAMES = { epoch: "the epoch to stop at", loss: "the loss to stop at", patience: "the epochs to wait" };

/**
 * @param {Element} element with an input `data-rule` for each rule
 * @param {(rules: Object<string, number>) => void} changed all rules that are set
 */
export function bindRules(element, changed) {
  const rules = {};
  const problem = element.querySelector(".nnviz-problem");
  const read = ({ target }) => {
    const name = target.dataset.rule;
    const text = target.value.trim();
    const { fits, rule } = RULES[name];
    const wrong = text !== "" && !fits(Number(text));
    problem.textContent = wrong ? `${NAMES[name]} must be ${rule}; got ${text.slice(0, 20)}` : "";
    target.setAttribute("aria-invalid", String(wrong));
    if (wrong) return;
    if (text === "") delete rules[name];
    else rules[name] = Number(text);
    const count = Object.keys(rules).length;
    element.querySelector("summary").dataset.count = count || "";
    changed({ ...rules });
  };
  element.addEventListener("change", read);
  element.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    element.open = false;
    element.querySelector("summary").focus();
  });
}
