/** Shows how much of Python has been loaded, until Python has started. */

import { one } from "../controls/elements.js";

export class Loading {
  /** @type {{[name: string]: number}} bytes that have arrived, by file */
  #loaded = {};

  /** @param {import("../transport/engine.js").Engine} engine @param {{[name: string]: number}} sizes of the files, in bytes */
  constructor(engine, sizes) {
    this.sizes = sizes;
    this.line = one(document, "#site-loading", HTMLElement);
    this.bar = one(this.line, "progress", HTMLProgressElement);
    engine.onLoaded = (name, bytes) => this.add(name, bytes);
    engine.listen({ onReady: () => (this.line.hidden = true), onLost: () => this.begin() });
    this.begin();
  }

  begin() {
    this.#loaded = {};
    this.line.hidden = false;
    this.show();
  }

  /** @param {string} name @param {number} bytes */
  add(name, bytes) {
    if (!(name in this.sizes)) return;
    this.#loaded[name] = Math.min((this.#loaded[name] ?? 0) + bytes, this.sizes[name]);
    this.show();
  }

  show() {
    const [loaded, all] = [this.#loaded, this.sizes].map((sizes) => Object.values(sizes).reduce((sum, size) => sum + size, 0));
    this.bar.value = loaded / all;
    const text = loaded < all ? `Loading Python: ${megabytes(loaded)} of ${megabytes(all)} MB` : "Starting Python";
    const span = one(this.line, "span", HTMLElement);
    if (span.textContent !== text) span.textContent = text;
  }
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
