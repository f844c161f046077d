/** Keys of the stage, and the choice to do without those that are letters (WCAG 2.1.4). */

import { bindBox } from "./input.js";
import { recall, remember } from "../host/memory.js";

const WRITES = "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=listbox]";
const PRESSED = "button, a, summary, [role=button], [role=tab]"; // by space
const MOVES = ".nnviz-boundary, .nnviz-network, [role=tablist]"; // arrow keys move within these
const LETTERS = "nnviz.letters"; // the choice, as it is remembered

/**
 * Space plays, → steps, r resets, while the focus is in the stage, or on the page itself: anything
 * else on the page has keys of its own.
 *
 * @param {Element} root the stage
 * @param {{play: () => void, step: () => void, reset: () => void}} actions
 * @param {AbortSignal} signal lets go
 */
export function bindKeys(root, actions, signal) {
  const letters = bindLetters(root, signal);
  const keydown = (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!isOurs(root, target) || target.closest(WRITES) || document.querySelector("dialog[open]")) return;
    const action = actionOf(key, actions, letters.checked);
    if (!action || (event.repeat && key !== "ArrowRight")) return;
    if (key === " " && target.closest(PRESSED)) return;
    if (key === "ArrowRight" && target.closest(MOVES)) return;
    event.preventDefault(); // space would scroll
    event.stopPropagation(); // r is also Streamlit's key for a rerun
    action();
  };
  document.addEventListener("keydown", keydown, { capture: true, signal });
}

function actionOf(key, { play, step, reset }, lettersToo) {
  if (key.toLowerCase() === "r") return lettersToo ? reset : undefined;
  return { " ": play, ArrowRight: step }[key];
}

/** The page itself is the body, or what a click beside all controls gives the focus to. */
const isOurs = (root, target) => root.contains(target) || target.contains(root);

/** The box that switches letters off. @returns {HTMLInputElement} */
function bindLetters(root, signal) {
  const box = root.querySelector("[data-keys=letters]");
  const reset = root.querySelector("[data-do=reset]");
  const title = reset.title.replace(" (r)", "");
  const show = () => {
    reset.title = box.checked ? `${title} (r)` : title;
    if (box.checked) reset.setAttribute("aria-keyshortcuts", "r");
    else reset.removeAttribute("aria-keyshortcuts");
  };
  const choose = () => {
    remember(LETTERS, box.checked ? "on" : "off");
    show();
  };
  box.checked = recall(LETTERS) !== "off";
  show();
  box.addEventListener("change", choose, { signal });
  bindBox(box.closest("details"), signal);
  return box;
}
