/** Buttons and pointers. Each `bind…` lets go when its signal is aborted. */

const KEY_STEP = 1 / 50; // of the axis, a press of an arrow key

/**
 * @param {Element} root
 * @param {Object<string, (value: string | boolean) => void>} actions by the `data-do` of their control
 * @param {AbortSignal} signal
 */
export function bindButtons(root, actions, signal) {
  const act = ({ dataset }, value) => actions[dataset.do](value);
  const click = ({ target }) => {
    const button = target.closest("button[data-do]");
    if (button) act(button, button.value);
  };
  const change = ({ target }) => {
    if (target.matches("select[data-do]")) act(target, target.value);
    if (target.matches("[type=checkbox][data-do]")) act(target, target.checked);
  };
  const input = ({ target }) => {
    if (target.matches("[type=range][data-do]")) act(target, target.value);
  };
  listen(root, { click, change, input }, signal);
}

/**
 * Tabs by click and arrow keys.
 * @param {Element} list
 * @param {(name: string) => void} chosen the tab's `data-tab`
 * @param {AbortSignal} signal
 * @returns {(name: string) => void} marks a tab that was chosen otherwise, and calls nothing
 */
export function bindTabs(list, chosen, signal) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const mark = (tab) => {
    for (const other of tabs) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    }
  };
  const choose = (tab) => {
    mark(tab);
    chosen(tab.dataset.tab);
  };
  const click = ({ target }) => {
    const tab = target.closest("[role=tab]");
    if (tab) choose(tab);
  };
  const keydown = (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const tab = tabs.at(to % tabs.length);
    tab.focus();
    choose(tab);
  };
  listen(list, { click, keydown }, signal);
  return (name) => mark(tabs.find((tab) => tab.dataset.tab === name));
}

/**
 * The point people look at: under the pointer, or pinned by click, touch or arrow keys.
 * @param {Element} element
 * @param {() => import("../plane/plane.js").Plane} plane what is drawn there now
 * @param {(point: number[]?, pinned: boolean) => void} look null lets go
 * @param {AbortSignal} signal
 */
export function bindProbe(element, plane, look, signal) {
  const pointermove = (event) => {
    if (event.pointerType === "mouse") look(plane().pointAt(event), false);
  };
  const pointerleave = () => look(null, false);
  const click = (event) => {
    const point = plane().pointAt(event);
    if (point) look(point, true);
  };
  // a click pins and leaves the focus where it was, so that → still steps
  const mousedown = (event) => event.preventDefault();
  const keydown = (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key];
    if (step && plane().scene) look(moved(plane(), step), true);
    else if (event.key === "Escape") look(null, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  listen(element, { pointermove, pointerleave, click, mousedown, keydown }, signal);
}

/**
 * Call `changed` once a frame while elements change their size.
 * @param {Iterable<Element>} elements @param {() => void} changed @param {AbortSignal} signal
 */
export function bindSizes(elements, changed, signal) {
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
    cancelAnimationFrame(due);
  });
}

/**
 * A box that is opened by its summary closes by Escape and by a press elsewhere.
 * @param {HTMLDetailsElement} box @param {AbortSignal} signal
 */
export function bindBox(box, signal) {
  const elsewhere = ({ target }) => {
    if (!box.contains(target)) box.open = false;
  };
  const keydown = ({ key }) => {
    if (key !== "Escape") return;
    box.open = false;
    box.querySelector("summary").focus();
  };
  document.addEventListener("pointerdown", elsewhere, { signal });
  listen(box, { keydown }, signal);
}

function moved(plane, step) {
  const from = plane.pinned ?? plane.centre;
  return plane.scene.extent.map(([low, high], i) =>
    Math.min(high, Math.max(low, from[i] + step[i] * KEY_STEP * (high - low))),
  );
}

function listen(target, handlers, signal) {
  for (const [type, handler] of Object.entries(handlers)) target.addEventListener(type, handler, { signal });
}
