/** Buttons, keys and pointers. Each `bind…` returns a function that lets go again. */

const WRITES = "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=listbox]";
const MOVES = ".nnviz-boundary, .nnviz-network, [role=tablist], [data-testid=stSidebar], [role=menu]"; // arrow keys move within these
const KEY_STEP = 1 / 50; // of the axis, a press of an arrow key

/** @param {Object<string, (value: string | boolean) => void>} actions by the `data-do` of their control */
export function bindButtons(root, actions) {
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
  return listen(root, { click, change, input });
}

/** Tabs by click and arrow keys. @param {(name: string) => void} chosen the tab's `data-tab` */
export function bindTabs(list, chosen) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const choose = (tab) => {
    for (const other of tabs) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    }
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
  return listen(list, { click, keydown });
}

/** Space plays, → steps, r resets, wherever no input has the focus. */
export function bindKeys(actions) {
  const keydown = (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (target.closest?.(WRITES) || document.querySelector("dialog[open]")) return;
    if (key === " " && target.closest?.("button, a, summary, [role=button], [role=tab]")) return; // its own key
    const action = { " ": actions.play, ArrowRight: actions.step, r: actions.reset, R: actions.reset }[key];
    if (!action || (event.repeat && key !== "ArrowRight")) return;
    if (key === "ArrowRight" && target.closest?.(MOVES)) return;
    event.preventDefault(); // space would scroll
    event.stopPropagation(); // r is also Streamlit's key for a rerun
    action();
  };
  return listen(document, { keydown }, true);
}

/**
 * The point people look at: under the pointer, or pinned by click, touch or arrow keys.
 * @param {Element} element
 * @param {() => import("./plane.js").Plane} plane what is drawn there now
 * @param {(point: number[]?, pinned: boolean) => void} look null lets go
 */
export function bindProbe(element, plane, look) {
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
  return listen(element, { pointermove, pointerleave, click, mousedown, keydown });
}

/** Call `changed` once a frame while elements change their size. */
export function bindSizes(elements, changed) {
  let due;
  const observer = new ResizeObserver(() => {
    due ??= requestAnimationFrame(() => {
      due = undefined;
      changed();
    });
  });
  for (const element of elements) observer.observe(element);
  return () => observer.disconnect();
}

function moved(plane, step) {
  const from = plane.pinned ?? plane.centre;
  return plane.scene.extent.map(([low, high], i) =>
    Math.min(high, Math.max(low, from[i] + step[i] * KEY_STEP * (high - low))),
  );
}

function listen(target, handlers, capture = false) {
  for (const [type, handler] of Object.entries(handlers)) target.addEventListener(type, handler, capture);
  return () => {
    for (const [type, handler] of Object.entries(handlers)) target.removeEventListener(type, handler, capture);
  };
}
