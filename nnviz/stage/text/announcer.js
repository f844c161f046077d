/** Words for screen readers, at most once a second; the latest counts. */

const REST = 1000; // ms between two announcements

export class Announcer {
  last = -REST; // when something was said, in ms

  /** @param {Element} region with aria-live @param {AbortSignal} signal */
  constructor(region, signal) {
    this.region = region;
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  /** @param {string} words */
  say(words) {
    this.words = words;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.last = performance.now();
      this.region.textContent = this.words;
    }, Math.max(0, this.last + REST - performance.now()));
  }}
