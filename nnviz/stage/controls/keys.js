/** Keys of the stage, and the option to turn off those that are letters (WCAG 2.1.4). */

import { all, one } from "./elements.js";
import { bindBox } from "./input.js";
import { recall, remember } from "../host/memory.js";

export const WRITES = "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=listbox]";
const PRESSED = "button, a, summary, [role=button], [role=tab]"; // by space
const MOVES = ".nnviz-boundary, .nnviz-network, .nnviz-starts-grid, [role=tablist]"; // arrow keys move within these
const LETTERS = "nnviz.letters"; // the choice, as it is remembered

/** @typedef {{play: () => void, step: () => void, reset: () => void, projector: () => void, keys: () => void, label: (value: string) => void}} KeyActions */

/**
 * Space plays, → steps, r resets, p is for the projector, 1 to 8 choose the class that is drawn and ? lists the keys, while the focus is in the stage or on the page itself; any other
 * part of the page has keys of its own.
 *
 * @param {HTMLElement} root the stage
 * @param {KeyActions} actions
 * @param {AbortSignal} signal ends it
 */
export function bindKeys(root, actions, signal) {
  const letters = bindLetters(root, signal);
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!(target instanceof Element) || !isOurs(root, target)) return;
    if (target.closest(WRITES) || document.querySelector("dialog[open]")) return;
    const action = actionOf(key, actions, letters.checked);
    if (!action || (event.repeat && key !== "ArrowRight")) return;
    if (key === " " && target.closest(PRESSED)) return;
    if (key === "ArrowRight" && target.closest(MOVES)) return;
    if (isDigit(key) && !root.hasAttribute("data-pen")) return; // nothing is being drawn
    event.preventDefault(); // space would scroll
    event.stopPropagation(); // r is also Streamlit's key for a rerun
    action();
  };
  document.addEventListener("keydown", keydown, { capture: true, signal });
}

/** @param {string} key @param {KeyActions} actions @param {boolean} hasLetters @returns {(() => void) | undefined} */
function actionOf(key, { play, step, reset, projector, keys, label }, hasLetters) {
  if (isDigit(key)) return hasLetters ? () => label(key) : undefined;
  const byLetter = { r: reset, p: projector, "?": keys }[key.toLowerCase()];
  if (byLetter) return hasLetters ? byLetter : undefined;
  return { " ": play, ArrowRight: step }[key];
}

/** @param {string} key */
const isDigit = (key) => /^[1-8]$/.test(key);

/** The page itself is the body, or what gets the focus from a click beside all controls. @param {Element} root @param {Element} target */
export const isOurs = (root, target) => root.contains(target) || target.contains(root);

/** The box that switches letters off. @param {HTMLElement} root @param {AbortSignal} signal */
function bindLetters(root, signal) {
  const box = one(root, "[data-keys=letters]", HTMLInputElement);
  const controls = all(root, "[aria-keyshortcuts=r], [aria-keyshortcuts=p]", HTMLElement)
    .map((control) => ({ control, key: control.getAttribute("aria-keyshortcuts") ?? "", title: control.title }));
  const show = () => {
    for (const { control, key, title } of controls) {
      control.title = box.checked ? title : title.replace(` (${key})`, "");
      if (box.checked) control.setAttribute("aria-keyshortcuts", key);
      else control.removeAttribute("aria-keyshortcuts");
    }
  };
  const choose = () => {
    remember(LETTERS, box.checked ? "on" : "off");
    show();
  };
  box.checked = recall(LETTERS) !== "off";
  show();
  box.addEventListener("change", choose, { signal });
  const details = box.closest("details");
  if (details) bindBox(details, signal);
  return box;
}
