/** Settings in words, by the phrases of `nnviz/recipe/phrases.py`. Pure. */

/**
 * @typedef {object} Phrase
 * @property {string} pattern with {} for the value
 * @property {Object<string, string>} values descriptions, by a value's text
 * @property {Object<string, string>} parts names of a list's parts
 * @property {string} joint between several values
 * @property {boolean} compares whether the other run's value is named too
 * @property {string} follows another field, with which this one changes
 */

/**
 * @typedef {object} Phrases
 * @property {Object<string, Phrase>} fields
 * @property {Object<string, Object<string, string[]>>} fixed fields that have only one possible value with another field's value, by that field and value
 */

/** @param {Phrases} phrases @param {string} field @param {unknown} value */
export function described({ fields }, field, value) {
  const { pattern, values, parts, joint } = fields[field];
  const text = written(value);
  const list = Array.isArray(value) ? value.map((part) => parts[part] ?? part).join(joint) : text;
  return values[text] ?? pattern.replace("{}", () => list);
}

/** The fields that have only one possible value with some settings. @param {Phrases} phrases @param {Object<string, unknown>} settings */
export function fixedFields({ fixed }, settings) {
  return Object.entries(fixed).flatMap(([field, values]) => {
    const value = settings[field];
    return values[isTable(value) ? "table" : written(value)] ?? [];
  });
}

/** Whether a value is the user's own data, as `nnviz/recipe/table.py` writes them. @param {unknown} value @returns {value is string} */
const isTable = (value) => typeof value === "string" && value.startsWith("table:");

/** The value as in the page's address; the user's own data by their name. @param {unknown} value */
export function written(value) {
  if (value === null || value === undefined) return "full"; // the batch
  if (Array.isArray(value)) return value.join(",") || "none";
  if (isTable(value)) return decodeURIComponent(value.split(":")[2]);
  return typeof value === "number" ? String(+value.toPrecision(6)) : String(value);
}
