/** Hands the page what the stage has to tell it, again and again until it has arrived. */

import { pendingReport } from "./page-state.js";

const SETTLED = 250; // ms without other news before the page, whose script then runs, is told
const FIRST_WAIT = 2000; // ms before it is told once more; doubles up to LAST_WAIT
const LAST_WAIT = 16_000;

export class Reports {
  tries = 0;
  wait = SETTLED;
  timer;
  tell = () => {};

  /** @param {import("../store.js").Store} store @param {AbortSignal} signal */
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

  /** The page has run again. @param {(name: string, value: unknown) => void} setStateValue */
  update(setStateValue) {
    this.tell = setStateValue;
  }

  /** There is news, or the page has what it was told. */
  renew() {
    clearTimeout(this.timer);
    this.wait = FIRST_WAIT;
    if (pendingReport(this.store.state.page)) this.timer = setTimeout(() => this.send(), SETTLED);
  }

  send() {
    const report = pendingReport(this.store.state.page);
    if (!report) return;
    this.tries += 1; // so that Streamlit takes a repetition for news
    this.tell("report", { ...report, tries: this.tries });
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(2 * this.wait, LAST_WAIT);
  }
}
