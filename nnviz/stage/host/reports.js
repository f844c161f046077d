/** Sends the stage's reports to the page, each one until the page has acknowledged it. */

import { pendingReport } from "./page-messages.js";
import { toolOf } from "../pen/state.js";

const SETTLED = 250; // ms without other news before a report is sent: the page's script then runs
/*
 * ms for all news while points are drawn and the run plays, as a report costs it some frames. What the
 * stage shows, exports and links by itself has all strokes at once; the address, and what the page
 * around the stage makes of the run, are looked at or used where the mouse has left the stage, and then
 * the report is sent soon.
 */
const DRAWN = 10_000;
const FIRST_WAIT = 2000; // ms before it is sent once more; doubles up to LAST_WAIT
const LAST_WAIT = 16_000;

/** @typedef {(name: string, value: unknown) => void} SetStateValue Streamlit's, for the component */

export class Reports {
  tries = 0;
  isHeld = false; // whether the next report waits for more strokes
  wait = FIRST_WAIT;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** @type {SetStateValue | undefined} */
  setStateValue;

  /** @param {HTMLElement} element the stage @param {import("../stage-state.js").StageStore} store @param {AbortSignal} signal */
  constructor(element, store, signal) {
    this.store = store;
    element.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.release(), { signal });
    const unsubscribe = store.subscribe((state, before) => {
      const isNews = state.page.number !== before.page.number || state.page.heard !== before.page.heard;
      if (isNews || isDrawn(state) !== isDrawn(before)) this.renew();
    });
    signal.addEventListener("abort", () => {
      unsubscribe();
      clearTimeout(this.timer);
    });
  }

  /** The page has run again. @param {SetStateValue} setStateValue */
  update(setStateValue) {
    this.setStateValue = setStateValue;
  }

  /** There is another report, or the page has acknowledged the last one. */
  renew() {
    const { state } = this.store;
    if (this.isHeld && isDrawn(state)) return; // what is new goes with it
    clearTimeout(this.timer);
    this.wait = FIRST_WAIT;
    this.isHeld = isDrawn(state) && pendingReport(state.page) !== null;
    if (pendingReport(state.page)) this.timer = setTimeout(() => this.send(), this.isHeld ? DRAWN : SETTLED);
  }

  /** What is held is sent soon. */
  release() {
    if (!this.isHeld) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), SETTLED);
  }

  send() {
    this.isHeld = false;
    const report = pendingReport(this.store.state.page);
    if (!report) return;
    this.tries += 1; // makes every repetition a new value, which Streamlit does not ignore
    this.setStateValue?.("report", { ...report, tries: this.tries });
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(2 * this.wait, LAST_WAIT);
  }
}

/** Whether points are drawn in a run that plays. @param {import("../stage-state.js").StageState} state */
const isDrawn = ({ run, pen }) => run.playing && toolOf(pen) !== "pin";
