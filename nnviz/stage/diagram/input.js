/** Pointers and keys of the diagram: which of its methods each one calls. */

import { placeIn } from "../controls/elements.js";
import { rounded } from "./names.js";

const STILL = 4; // px a pointer may move and it is still a click
const PER_UNIT = 100; // px of a drag that change a weight by 1
const FINER = 10; // with Shift
const STEP = 0.1; // of an arrow key
const TOUCH_REACH = 12; // px an edge may be away from a finger
/** Layers and units to go. @type {Object<string, [layers: number, units: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Object<string, number>} */
const PAGES = { PageUp: -1, PageDown: 1 };

/**
 * A weight that is dragged: its value, and where the pointer began and was last, in px.
 * @typedef {{weight: import("./names.js").Place, value: number, y: number, last: number}} Drag
 */

/** @param {Event} event */
const targetOf = (event) => /** @type {HTMLElement} */ (event.target);

/**
 * @param {import("./diagram.js").Diagram} diagram @param {HTMLElement} area
 * @param {AbortSignal} signal
 */
export function bindPointers(diagram, area, signal) {
  /** @type {Drag?} */
  let drag = null;
  let dragged = false; // so that the click that ends a drag does nothing

  /** @param {Event} event */
  const isOnControl = (event) => Boolean(targetOf(event).closest("button, form"));
  /** @param {MouseEvent} event @param {number} [reach] */
  const hit = (event, reach) => {
    if (isOnControl(event)) return null;
    return diagram.hit(...placeIn(area, event), reach);
  };

  /** @param {PointerEvent} event */
  const move = (event) => {
    const up = drag.y - event.clientY;
    if (!dragged && Math.abs(up) < STILL) return;
    dragged = true;
    // counted from movement to movement, as Shift may be pressed or released between them
    drag.value += (drag.last - event.clientY) / PER_UNIT / (event.shiftKey ? FINER : 1);
    drag.last = event.clientY;
    diagram.change(drag.weight, rounded(drag.value, event.shiftKey ? 3 : 2), false);
  };
  const end = () => {
    if (drag && dragged) diagram.settle();
    drag = null;
  };

  /** @type {Object<string, (event: PointerEvent) => void>} */
  const handlers = {
    pointermove: (event) => {
      if (drag) move(event);
      else if (event.pointerType !== "touch") diagram.hover(hit(event));
    },
    pointerleave: () => drag || diagram.hover(null),
    pointerdown: (event) => {
      dragged = false;
      if (event.button !== 0 || event.pointerType === "touch") return; // a finger scrolls the page
      const weight = hit(event)?.weight;
      const value = weight && diagram.weights.at(weight);
      if (!Number.isFinite(value)) return;
      drag = { weight, value, y: event.clientY, last: event.clientY };
      area.setPointerCapture(event.pointerId);
    },
    pointerup: end,
    pointercancel: end,
    // a click leaves the focus where it was, so that → still steps
    mousedown: (event) => targetOf(event).closest("form") || event.preventDefault(),
    click: (event) => {
      /** @type {HTMLElement?} */
      const pager = targetOf(event).closest("button[data-way]");
      if (pager) return diagram.showPage(Number(pager.dataset.layer), Number(pager.dataset.way));
      if (dragged || isOnControl(event)) return;
      const target = hit(event, event.pointerType === "touch" ? TOUCH_REACH : undefined);
      if (target?.unit) diagram.togglePin(target.unit);
      else if (target) diagram.openEditor(target.weight);
    },
  };
  for (const [type, handler] of Object.entries(handlers)) area.addEventListener(type, handler, { signal });
}

/**
 * While the focus is inside, keys come here before they come to the stage: those that are not
 * used here go on to it.
 * @param {import("./diagram.js").Diagram} diagram @param {HTMLElement} area
 * @param {HTMLElement} slider @param {AbortSignal} signal
 */
export function bindDiagramKeys(diagram, area, slider, signal) {
  let changing = false; // a key held down changes a weight

  /** @param {KeyboardEvent} event @returns {boolean} whether it is used here */
  const onUnit = ({ key }) => {
    if (ARROWS[key]) diagram.focus.move(...ARROWS[key]);
    else if (PAGES[key]) diagram.focus.turnPage(PAGES[key]);
    else if (key === "Enter") diagram.focus.enterWeights();
    else if (key === "Escape") diagram.unpin();
    else return false;
    return true;
  };
  /** @param {KeyboardEvent} event @returns {boolean} whether it is used here */
  const onWeight = ({ key, shiftKey }) => {
    const { weight } = diagram.selection;
    if (key === "ArrowUp" || key === "ArrowDown") diagram.focus.moveToWeight(key === "ArrowUp" ? -1 : 1);
    else if (key === "Enter") diagram.openEditor(weight);
    else if (key === "Escape") diagram.focus.leaveWeights();
    else if (ARROWS[key]) {
      const step = (ARROWS[key][0] * STEP) / (shiftKey ? FINER : 1);
      changing = true;
      diagram.change(weight, rounded(diagram.weights.at(weight) + step, 4), false);
    } else return false;
    return true;
  };
  /** @param {KeyboardEvent} event */
  const keydown = (event) => {
    const target = targetOf(event);
    if (event.ctrlKey || event.metaKey || event.altKey || !area.contains(target)) return;
    const isUsed = target === slider ? onWeight(event) : target.matches(".nnviz-unit") && onUnit(event);
    if (isUsed) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const settle = () => {
    if (changing) diagram.settle();
    changing = false;
  };
  // the stage leaves all keys to a slider, but this one uses only those above
  slider.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if (ctrlKey || metaKey || altKey || !" rR".includes(key)) return;
    area.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }, { signal });
  slider.addEventListener("keyup", settle, { signal });
  slider.addEventListener("blur", settle, { signal });
  area.addEventListener("focusin", (event) => {
    const target = targetOf(event);
    window.addEventListener("keydown", keydown, { capture: true, signal });
    if (target.matches(".nnviz-unit")) diagram.focus.setUnit([Number(target.dataset.layer), Number(target.dataset.unit)]);
  }, { signal });
  area.addEventListener("focusout", ({ relatedTarget }) => {
    if (area.contains(/** @type {Node?} */ (relatedTarget))) return;
    window.removeEventListener("keydown", keydown, { capture: true });
    diagram.focus.leave();
  }, { signal });
}
