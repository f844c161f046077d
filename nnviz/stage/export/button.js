/** The camera button. What is behind it is loaded when it is pressed first. */

export class Door {
  #loading = undefined; // the dialog, once somebody wants it

  /** @param {import("./dialog.js").Source} source */
  constructor(source) {
    this.source = source;
    const { root, signal } = source;
    root.addEventListener("dragover", (event) => this.#dragOver(event), { signal });
    root.addEventListener("drop", (event) => this.#drop(event), { signal });
  }

  async open() {
    this.#loading ??= import("./dialog.js").then(({ load }) => load(this.source));
    try {
      const dialog = await this.#loading;
      if (!this.source.signal.aborted) dialog.open();
    } catch {
      this.#loading = undefined;
      if (!this.source.signal.aborted) this.source.say("The export could not be loaded. Reload the page to try again.", "problem");
    }
  }

  #dragOver(event) {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault(); // or the browser leaves the page
  }

  /** An experiment dropped on the stage is opened. */
  async #drop(event) {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    try {
      const { experimentOf, hand } = await import("./experiment.js");
      hand(this.source, await experimentOf(file));
    } catch (error) {
      this.source.say(error.message, "problem");
    }
  }
}
