/** Elements of the markup, found and made with their types. */

/**
 * The first element of a selector, of the kind that the markup has there.
 * @template {Element} Kind
 * @param {ParentNode} root @param {string} selector
 * @param {abstract new (...args: never[]) => Kind} kind such as HTMLInputElement
 * @returns {Kind} fails with a TypeError where there is none
 */
export function one(root, selector, kind) {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new TypeError(`the markup must have a ${kind.name} at ${selector}`);
}

/**
 * All elements of a selector that are of a kind.
 * @template {Element} Kind
 * @param {ParentNode} root @param {string} selector
 * @param {abstract new (...args: never[]) => Kind} kind
 * @returns {Kind[]}
 */
export function all(root, selector, kind) {
  return [...root.querySelectorAll(selector)].flatMap((found) => (found instanceof kind ? [found] : []));
}

/**
 * Where an event happened: the nearest element of a selector, if it is within one of that kind.
 * @template {Element} Kind
 * @param {Event} event @param {string} selector
 * @param {abstract new (...args: never[]) => Kind} kind
 * @returns {Kind | null}
 */
export function within({ target }, selector, kind) {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found instanceof kind ? found : null;
}

/**
 * A button with a text.
 * @param {string} text @param {() => void} click @returns {HTMLButtonElement}
 */
export function button(text, click) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", click);
  return made;
}

/**
 * Where a pointer is in an element, in its own CSS pixels, however much the page is enlarged.
 * @param {HTMLElement} element @param {{clientX: number, clientY: number}} event @returns {[x: number, y: number]}
 */
export function placeIn(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect();
  const zoom = box.width / element.offsetWidth || 1;
  return [(clientX - box.left) / zoom, (clientY - box.top) / zoom];
}
