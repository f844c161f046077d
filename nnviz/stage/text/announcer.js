/** Announcements for screen readers, at most one a second; the latest counts. */

const REST = 1000; // ms between two announcements

export class Announcer {
  text = "";
  last = -REST; // when something was announced, in ms
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** @param {Element} region with aria-live @param {AbortSignal} signal */
  constructor(region, signal) {
    this.region = region;
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** @param {string} text */
  announce(text) {
    this.text = text;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.last = performance.now();
      this.region.textContent = this.text;
    }, Math.max(0, this.last + REST - performance.now()));
  }
}
