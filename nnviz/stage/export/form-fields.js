/** Fields of the dialog: filled from tables of choices, and checked when they are read. */

/**
 * @typedef {{name: string, label: string}} Choice
 * @typedef {{default: number, low: number, high: number}} NumberBounds
 *
 * @typedef {object} Choices what can be exported, see `export_choices.py`
 * @property {Choice[]} pictures
 * @property {Choice[]} themes
 * @property {(Choice & {missing: string?})[]} animations `missing` says why one cannot be made here
 * @property {boolean} opens whether a page that plays the run can be opened from this one
 * @property {Choice[]} spacings
 * @property {Plan} plan of an animation, unless the user changes it
 * @property {(Choice & {description: string})[]} tables
 * @property {(Choice & {needs: string | string[]})[]} flavours of scripts
 *
 * @typedef {Object<string, NumberBounds> & {spacing: {default: string}}} Plan by the names of its fields
 */

/**
 * @param {HTMLSelectElement} select
 * @param {(Choice & {missing?: string?})[]} rows those missing can't be chosen
 */
export function offer(select, rows) {
  const before = select.value;
  select.replaceChildren(
    ...rows.map(({ name, label, missing }) =>
      Object.assign(new Option(missing ? `${label} (not available)` : label, name), { disabled: Boolean(missing) }),
    ),
  );
  if (rows.some(({ name, missing }) => name === before && !missing)) select.value = before;
}

/** @param {HTMLInputElement} input of a number @param {NumberBounds} bounds */
export function setBounds(input, { default: value, low, high }) {
  Object.assign(input, { min: low, max: high, value });
}

/**
 * @param {HTMLInputElement} input of a number, with bounds
 * @returns {number} fails with an Error that names field, rule and what was typed
 */
export function wholeNumber(input) {
  const { validity, valueAsNumber, min, max } = input;
  if (validity.valid && Number.isInteger(valueAsNumber)) return valueAsNumber;
  markInvalid(input, true);
  const got = validity.badInput ? "something else" : input.value.slice(0, 20) || "nothing";
  throw new Error(`${labelOf(input)} must be a whole number ${min}…${max}; got ${got}`);
}

/** The label of a field, as a sentence has it. @param {Element} input */
export function labelOf(input) {
  return input.closest("label").firstChild.textContent.trim().toLowerCase();
}

/** @param {HTMLElement} input @param {boolean} isInvalid then it gets the focus */
export function markInvalid(input, isInvalid) {
  input.setAttribute("aria-invalid", String(isInvalid));
  if (isInvalid) input.focus();
}
