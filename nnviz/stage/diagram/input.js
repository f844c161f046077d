/** Pointers and keys of the diagram. They only say what is wanted; the diagram does it. */

import { rounded } from "./names.js";

const STILL = 4; // px a pointer may move and it is still a click
const PER_UNIT = 100; // px of a drag that change a weight by 1
const FINER = 10; // with Shift
const STEP = 0.1; // of an arrow key
const TOUCH_REACH = 12; // px an edge may be away from a finger
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAGES = { PageUp: -1, PageDown: 1 };

/** @param {import("./diagram.js").Diagram} diagram @param {HTMLElement} area @param {AbortSignal} signal */
export function bindPointers(diagram, area, signal) {
  let drag = null;
  let dragged = false; // so that the click that ends a drag is none

  const point = ({ clientX, clientY }) => {
    const box = area.getBoundingClientRect();
    return [clientX - box.left, clientY - box.top];
  };
  const foreign = ({ target }) => Boolean(target.closest("button, form"));
  const hit = (event, reach) => (foreign(event) ? null : diagram.hit(...point(event), reach));

  const move = (event) => {
    const up = drag.y - event.clientY;
    if (!dragged && Math.abs(up) < STILL) return;
    dragged = true;
    // counted from movement to movement, as Shift may come and go
    drag.value += (drag.last - event.clientY) / PER_UNIT / (event.shiftKey ? FINER : 1);
    drag.last = event.clientY;
    diagram.change(drag.weight, rounded(drag.value, event.shiftKey ? 3 : 2), false);
  };
  const end = () => {
    if (drag && dragged) diagram.settle();
    drag = null;
  };

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
      const value = weight && diagram.valueOf(weight);
      if (!Number.isFinite(value)) return;
      drag = { weight, value, y: event.clientY, last: event.clientY };
      area.setPointerCapture(event.pointerId);
    },
    pointerup: end,
    pointercancel: end,
    // a click leaves the focus where it was, so that → still steps
    mousedown: (event) => event.target.closest("form") || event.preventDefault(),
    click: (event) => {
      const more = event.target.closest("button[data-way]");
      if (more) return diagram.page(Number(more.dataset.layer), Number(more.dataset.way));
      if (dragged || foreign(event)) return undefined;
      const found = hit(event, event.pointerType === "touch" ? TOUCH_REACH : undefined);
      if (found?.unit) diagram.pin(found.unit);
      else if (found) diagram.type(found.weight);
      return undefined;
    },
  };
  for (const [type, handler] of Object.entries(handlers)) area.addEventListener(type, handler, { signal });
}

/**
 * While the focus is inside, keys come here first, before the stage's own: those that are not
 * taken go on to it.
 * @param {import("./diagram.js").Diagram} diagram @param {HTMLElement} area
 * @param {HTMLElement} slider @param {AbortSignal} signal
 */
export function bindKeys(diagram, area, slider, signal) {
  let changing = false; // a key held down changes a weight

  const onUnit = (event) => {
    const { key } = event;
    if (ARROWS[key]) diagram.walk(...ARROWS[key]);
    else if (PAGES[key]) diagram.leaf(PAGES[key]);
    else if (key === "Enter") diagram.enter();
    else if (key === "Escape") diagram.letGo();
    else return false;
    return true;
  };
  const onWeight = (event) => {
    const { key, shiftKey } = event;
    const weight = diagram.weight;
    if (key === "ArrowUp" || key === "ArrowDown") diagram.next(key === "ArrowUp" ? -1 : 1);
    else if (key === "Enter") diagram.type(weight);
    else if (key === "Escape") diagram.leave();
    else if (ARROWS[key]) {
      const step = (ARROWS[key][0] * STEP) / (shiftKey ? FINER : 1);
      changing = true;
      diagram.change(weight, rounded(diagram.valueOf(weight) + step, 4), false);
    } else return false;
    return true;
  };
  const keydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !area.contains(event.target)) return;
    const taken = event.target === slider ? onWeight(event) : event.target.matches(".nnviz-unit") && onUnit(event);
    if (taken) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const settle = () => {
    if (changing) diagram.settle();
    changing = false;
  };
  // a slider keeps all keys from the stage, but its own are only those above
  slider.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if (ctrlKey || metaKey || altKey || !" rR".includes(key)) return;
    area.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }, { signal });
  slider.addEventListener("keyup", settle, { signal });
  slider.addEventListener("blur", settle, { signal });
  area.addEventListener("focusin", ({ target }) => {
    window.addEventListener("keydown", keydown, { capture: true, signal });
    if (target.matches(".nnviz-unit")) diagram.focus([Number(target.dataset.layer), Number(target.dataset.unit)]);
  }, { signal });
  area.addEventListener("focusout", ({ relatedTarget }) => {
    if (area.contains(relatedTarget)) return;
    window.removeEventListener("keydown", keydown, { capture: true });
    diagram.blur();
  }, { signal });
}
