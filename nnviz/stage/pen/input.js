/** Draws on the plot by mouse, touch and keys: points of the class chosen, one by one or sprayed, moved and erased. */

import { pointsNear, pointsOf, sceneDrawn } from "./drawing.js";
import { rounded } from "../run/strokes.js";
import { nextNumber, toolOf } from "./state.js";

/** @typedef {import("../controls/input.js").Point} Point */
/** @typedef {import("../stage-state.js").StageStore} StageStore */
/** @typedef {import("../run/strokes.js").Mark} Mark */

const APART = 14; // pixels between points drawn in one line
const REACH = { move: 24, erase: 14, keys: 60 }; // pixels to the point that is moved or erased
const SPRAYED = 3; // points
const SPREAD = 16; // pixels, the standard deviation of a spray
const APPLIED = 100; // ms between two edits of one stroke
const STILL = 4; // pixels that a click may slip

/**
 * @typedef {object} Drawable the plane that is shown, see `plane/plane.js`
 * @property {(event: MouseEvent) => Point | null} pointAt null outside the axes
 * @property {number[]} pixelsPerUnit
 */

export class Pen {
  /** Where the last point was drawn, of a stroke that is under way. @type {Point | null} */
  last = null;
  /** Where the pointer went down. @type {Point | null} */
  from = null;
  /** The point that is being moved. @type {import("./drawing.js").Point | null} */
  carried = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  timer;

  /**
   * @param {HTMLElement} element with the plot @param {StageStore} store
   * @param {() => Drawable} plane what is drawn there now
   * @param {() => void} goOn show the picture of the run that waits, if there is one
   * @param {(text: string) => void} announce to screen readers
   * @param {AbortSignal} signal
   */
  constructor(element, store, plane, goOn, announce, signal) {
    this.element = element;
    this.store = store;
    this.plane = plane;
    this.goOn = goOn;
    this.announce = announce;
    const options = { signal, capture: true }; // before the plot pins a point
    element.addEventListener("pointerdown", (event) => this.down(event), options);
    element.addEventListener("pointermove", (event) => this.move(event), options);
    element.addEventListener("pointerup", () => this.up(), options);
    element.addEventListener("pointercancel", () => this.up(), options);
    element.addEventListener("click", (event) => this.isDrawing && event.stopImmediatePropagation(), options);
    element.addEventListener("keydown", (event) => this.press(event), { signal });
    signal.addEventListener("abort", () => clearInterval(this.timer));
    signal.addEventListener("abort", store.watch(({ pen }) => toolOf(pen), () => (this.carried = null)));
  }

  get tool() {
    return toolOf(this.store.state.pen);
  }

  get isDrawing() {
    return this.tool !== "pin";
  }

  // --- the pointer ------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  down(event) {
    const point = this.isDrawing && event.button === 0 ? this.plane().pointAt(event) : null;
    if (!point) return;
    event.preventDefault();
    this.element.focus({ preventScroll: true }); // so that the next key chooses a class
    this.element.setPointerCapture(event.pointerId);
    this.from = point;
    this.last = null;
    if (this.tool === "move" && !this.carried) this.carried = this.nearest(point, REACH.move);
    else this.draw(point);
    this.store.dispatch({ type: "apply" });
    this.timer = setInterval(() => this.tick(), APPLIED);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.from) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const point = this.plane().pointAt(each);
      if (point && (this.tool !== "move" || this.distance(point, this.from) > STILL || this.last)) this.draw(point);
    }
  }

  /** While the pointer is down, the stroke becomes an edit now and then, and a spray goes on. */
  tick() {
    if (this.tool === "spray" && this.last) this.draw(this.last);
    this.store.dispatch({ type: "apply" });
  }

  up() {
    if (!this.from) return;
    clearInterval(this.timer);
    if (this.last || this.tool !== "move") this.carried = null;
    else if (this.carried) this.announce("Point picked up: click where it is to go."); // moved without dragging
    this.from = null;
    this.last = null;
    this.store.dispatch({ type: "lift" });
  }

  // --- keys in the plot --------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (!this.isDrawing || ctrlKey || metaKey || altKey) return;
    if (key === "Enter") this.enter();
    else if (key === "Delete" || key === "Backspace") this.erase();
    else if (key.startsWith("Arrow") && this.carried) this.draw(this.cross);
    else if (key === "Escape" && this.carried) this.carried = null;
    else return;
    this.store.dispatch({ type: this.carried ? "apply" : "lift" });
    this.last = null;
    event.preventDefault();
    event.stopPropagation();
  }

  enter() {
    if (this.tool === "erase") return this.erase();
    if (this.tool !== "move") {
      this.draw(this.cross);
      return this.announce("Point drawn.");
    }
    this.carried = this.carried ? null : this.nearest(this.cross, REACH.keys);
    this.announce(this.carried ? "Point picked up: arrow keys move it, Enter puts it down." : "Point put down.");
    if (this.carried) this.draw(this.cross);
  }

  erase() {
    const point = this.nearest(this.cross, REACH.keys);
    if (!point) return this.announce("No point is near.");
    this.store.dispatch({ type: "draw", marks: [{ number: point.number }] });
    this.announce("Point erased.");
  }

  /** The point that is pinned, which arrow keys move. @returns {Point} */
  get cross() {
    const { look, scene } = this.store.state;
    return look.probe ?? scene?.extent.map(([low, high]) => (low + high) / 2) ?? [0, 0];
  }

  /** Erase all points, to begin with an empty plane. */
  clear() {
    const scene = sceneDrawn(this.store.state);
    if (scene) this.store.dispatch({ type: "draw", marks: pointsOf(scene).map(({ number }) => ({ number })) });
    this.store.dispatch({ type: "lift" });
  }

  // --- marks -------------------------------------------------------------------------------

  /** Draw with the tool in hand. @param {Point} point */
  draw(point) {
    this.goOn();
    const marks = this.marksAt(point);
    if (marks.length) this.store.dispatch({ type: "draw", marks });
    if (marks.length || this.tool !== "pen") this.last = point;
  }

  /** @param {Point} point @returns {Mark[]} */
  marksAt(point) {
    const { state } = this.store;
    const { scene } = state;
    if (!scene) return [];
    const label = Math.min(state.pen.label, scene.classNames.length - 1);
    const first = nextNumber(state);
    /** @param {Point} place */
    const kept = (place) => rounded(place, scene.extent);
    switch (this.tool) {
      case "pen":
        return this.last && this.distance(point, this.last) < APART ? [] : [{ number: first, label, place: kept(point) }];
      case "spray":
        return Array.from({ length: SPRAYED }, (_, i) => ({ number: first + i, label, place: kept(this.sprayed(point)) }));
      case "move":
        return this.carried ? [{ number: this.carried.number, label: this.carried.label, place: kept(point) }] : [];
      case "erase":
        return this.near(point, REACH.erase).map(({ number }) => ({ number }));
      default:
        return [];
    }
  }

  /** A place near a point, within the axes. @param {Point} point @returns {Point} */
  sprayed(point) {
    const { extent } = /** @type {import("../plane/scene.js").Scene} */ (this.store.state.scene);
    const { pixelsPerUnit } = this.plane();
    return point.map((value, i) => {
      const [low, high] = extent[i];
      return Math.min(high, Math.max(low, value + (SPREAD * normal()) / pixelsPerUnit[i]));
    });
  }

  /** @param {Point} point @param {number} reach in pixels */
  near(point, reach) {
    const scene = sceneDrawn(this.store.state);
    return scene ? pointsNear(scene, point, reach, this.plane().pixelsPerUnit) : [];
  }

  /** @param {Point} point @param {number} reach in pixels */
  nearest(point, reach) {
    return this.near(point, reach)[0] ?? null;
  }

  /** In pixels. @param {Point} one @param {Point} other */
  distance(one, other) {
    const [across, up] = this.plane().pixelsPerUnit;
    return Math.hypot((one[0] - other[0]) * across, (one[1] - other[1]) * up);
  }
}

/** A number of the standard normal distribution, by Box and Muller. */
const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
