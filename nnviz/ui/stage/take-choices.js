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

/**
 * @param {HTMLInputElement} input
 * @returns {number} fails with an Error in words
 */
export function wholeOf(input) {
  const text = input.value.trim();
  const fits = /^\d{1,9}$/.test(text);
  if (fits) return Number(text);
  mark(input, true);
  throw new Error(`${nameOf(input)} must be a whole number; got ${text.slice(0, 20) || "nothing"}`);
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
