/** Fields of the dialog, filled from tables of choices. */

/**
 * @param {HTMLSelectElement} select
 * @param {{name: string, label: string, missing?: string}[]} rows those missing can't be chosen
 */
export function offer(select, rows) {
  const before = select.value;
  select.replaceChildren(
    ...rows.map(({ name, label, missing }) =>
      Object.assign(new Option(missing ? `${label} (not here)` : label, name), { disabled: Boolean(missing) }),
    ),
  );
  if (rows.some(({ name, missing }) => name === before && !missing)) select.value = before;
}

/** @param {HTMLInputElement} input of a number @param {{default: number, low: number, high: number}} kind */
export function bound(input, { default: value, low, high }) {
  Object.assign(input, { min: low, max: high, value });
}

/**
 * @param {HTMLInputElement} input of a number, with bounds
 * @returns {number} fails with an Error in words
 */
export function wholeOf(input) {
  const { validity, valueAsNumber, min, max } = input;
  if (validity.valid && Number.isInteger(valueAsNumber)) return valueAsNumber;
  mark(input, true);
  const got = validity.badInput ? "something else" : input.value.slice(0, 20) || "nothing";
  throw new Error(`${nameOf(input)} must be a whole number ${min}…${max}; got ${got}`);
}

/** What people call a field. @param {Element} input */
export function nameOf(input) {
  return input.closest("label").firstChild.textContent.trim().toLowerCase();
}

/** @param {HTMLElement} input @param {boolean} isWrong then it gets the focus */
export function mark(input, isWrong) {
  input.setAttribute("aria-invalid", String(isWrong));
  if (isWrong) input.focus();
}
