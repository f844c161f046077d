/**
 * Binds buttons and fields, tabs, the pointer and the keys in the plot, changes of size, and boxes
 * that open. The keys of the whole stage are in `keys.js`. Each `bind…` ends when its signal is aborted.
 */

import { all, one, within } from "./elements.js";

const KEY_STEP = 1 / 50; // of the axis, a press of an arrow key

/** @typedef {number[]} Point of the plane, x and y */

/**
 * @typedef {object} Pointable the plane that is shown, see `plane/plane.js`
 * @property {(event: MouseEvent) => Point | null} pointAt null outside the axes
 * @property {import("../plane/scene.js").Scene} [scene] undefined before the first picture
 * @property {Point} [pinned]
 * @property {Point} centre
 */

/**
 * Buttons and fields of the stage, by the `data-do` that names their action.
 * @param {Element} root
 * @param {Object<string, (value: string | boolean) => void>} actions
 * @param {AbortSignal} signal
 */
export function bindButtons(root, actions, signal) {
  /** @param {HTMLElement} control @param {string | boolean} value */
  const act = ({ dataset }, value) => actions[dataset.do ?? ""](value);
  root.addEventListener("click", (event) => {
    const pressed = within(event, "button[data-do]", HTMLButtonElement);
    if (pressed) act(pressed, pressed.value);
  }, { signal });
  root.addEventListener("change", (event) => {
    const select = within(event, "select[data-do]", HTMLSelectElement);
    if (select) act(select, select.value);
    const box = within(event, "[type=checkbox][data-do]", HTMLInputElement);
    if (box) act(box, box.checked);
  }, { signal });
  root.addEventListener("input", (event) => {
    const range = within(event, "[type=range][data-do]", HTMLInputElement);
    if (range) act(range, range.value);
  }, { signal });
}

/**
 * Tabs by click and arrow keys.
 * @param {HTMLElement} list
 * @param {(name: string) => void} chosen the tab's `data-tab`
 * @param {AbortSignal} signal
 * @returns {(name: string) => void} marks a tab that was chosen otherwise, and calls nothing
 */
export function bindTabs(list, chosen, signal) {
  const tabs = all(list, "[role=tab]", HTMLElement);
  /** @param {string | undefined} name */
  const mark = (name) => {
    for (const tab of tabs) {
      const isChosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
  };
  /** @param {HTMLElement | null | undefined} tab */
  const choose = (tab) => {
    if (!tab) return;
    mark(tab.dataset.tab);
    chosen(tab.dataset.tab ?? "");
  };
  list.addEventListener("click", (event) => choose(within(event, "[role=tab]", HTMLElement)), { signal });
  list.addEventListener("keydown", (event) => {
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tab = tabs.at(to % tabs.length);
    tab?.focus();
    choose(tab);
  }, { signal });
  return mark;
}

/**
 * The point the user looks at: under the pointer, or pinned by click, touch or arrow keys.
 * @param {HTMLElement} element
 * @param {() => Pointable} plane what is drawn there now
 * @param {(point: Point | null, isPinned: boolean) => void} look null unpins
 * @param {AbortSignal} signal
 */
export function bindProbe(element, plane, look, signal) {
  element.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") look(plane().pointAt(event), false);
  }, { signal });
  element.addEventListener("pointerleave", () => look(null, false), { signal });
  element.addEventListener("click", (event) => {
    const point = plane().pointAt(event);
    if (point) look(point, true);
  }, { signal });
  // a click pins and leaves the focus where it was, so that → still steps
  element.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
  element.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    const { scene } = plane();
    if (step && scene) look(moved(plane(), scene, step), true);
    else if (event.key === "Escape") look(null, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });
}

/**
 * The point one step away, within the axes.
 * @param {Pointable} plane @param {import("../plane/scene.js").Scene} scene @param {number[]} step
 * @returns {Point}
 */
function moved({ pinned, centre }, { extent }, step) {
  const from = pinned ?? centre;
  return extent.map(([low, high], i) =>
    Math.min(high, Math.max(low, from[i] + step[i] * KEY_STEP * (high - low))),
  );
}

/**
 * Call `changed` once a frame while elements change their size.
 * @param {Iterable<Element>} elements @param {() => void} changed @param {AbortSignal} signal
 */
export function bindSizes(elements, changed, signal) {
  /** @type {number | undefined} */
  let due;
  const observer = new ResizeObserver(() => {
    due ??= requestAnimationFrame(() => {
      due = undefined;
      changed();
    });
  });
  for (const element of elements) observer.observe(element);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    if (due !== undefined) cancelAnimationFrame(due);
  });
}

/**
 * A box that is opened by its summary closes by Escape and by a press elsewhere.
 * @param {HTMLDetailsElement} box @param {AbortSignal} signal
 */
export function bindBox(box, signal) {
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !box.contains(target)) box.open = false;
  }, { signal });
  box.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    box.open = false;
    one(box, "summary", HTMLElement).focus();
  }, { signal });
}
