/** Choices stored across visits; without storage, kept until the page closes. */

/** @type {Map<string, string>} */
const kept = new Map();

/** @param {string} name @param {string} value */
export function remember(name, value) {
  kept.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // blocked, as in a frame without cookies, or full
  }
}

/** @param {string} name @returns {string?} null where nothing was chosen */
export function recall(name) {
  try {
    return localStorage.getItem(name) ?? kept.get(name) ?? null;
  } catch {
    return kept.get(name) ?? null;
  }
}

/** @param {string} name */
export function forget(name) {
  kept.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // blocked: there was none
  }
}
