/** Sends the stage's reports to the page, each one until the page has acknowledged it. */

import { pendingReport } from "./page-messages.js";

const SETTLED = 250; // ms without other news before a report is sent: the page's script then runs
const FIRST_WAIT = 2000; // ms before it is sent once more; doubles up to LAST_WAIT
const LAST_WAIT = 16_000;

/** @typedef {(name: string, value: unknown) => void} SetStateValue Streamlit's, for the component */

export class Reports {
  tries = 0;
  wait = FIRST_WAIT;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** @type {SetStateValue | undefined} */
  setStateValue;

  /** @param {import("../stage-state.js").StageStore} store @param {AbortSignal} signal */
  constructor(store, signal) {
    this.store = store;
    const unsubscribe = store.subscribe((state, before) => {
      if (state.page.number !== before.page.number || state.page.heard !== before.page.heard) this.renew();
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
    clearTimeout(this.timer);
    this.wait = FIRST_WAIT;
    if (pendingReport(this.store.state.page)) this.timer = setTimeout(() => this.send(), SETTLED);
  }

  send() {
    const report = pendingReport(this.store.state.page);
    if (!report) return;
    this.tries += 1; // makes every repetition a new value, which Streamlit does not ignore
    this.setStateValue?.("report", { ...report, tries: this.tries });
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(2 * this.wait, LAST_WAIT);
  }
}
