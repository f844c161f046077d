/** The Export button, and files dropped on the stage. The dialog is loaded when it is first opened. */

import { offered } from "../controls/offered-file.js";

/** @typedef {import("./dialog.js").ExportDialog} ExportDialog */

export class ExportButton {
  /** The dialog, once the button was pressed. @type {Promise<ExportDialog> | undefined} */
  #loading;

  /** @param {import("./source.js").ExportSource} source */
  constructor(source) {
    this.source = source;
    const { root, signal } = source;
    root.addEventListener("dragover", (event) => this.#dragOver(event), { signal });
    root.addEventListener("dragleave", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && root.contains(relatedTarget))) this.#mark(false);
    }, { signal });
    root.addEventListener("drop", (event) => this.#drop(event), { signal });
  }

  async open() {
    this.#loading ??= import("./dialog.js").then(({ load }) => load(this.source));
    try {
      const dialog = await this.#loading;
      if (!this.source.signal.aborted) dialog.open();
    } catch {
      this.#loading = undefined;
      if (!this.source.signal.aborted) this.source.showMessage("The export could not be loaded. Reload the page to try again.", "problem");
    }
  }

  /** @param {DragEvent} event */
  #dragOver(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault(); // or the browser leaves the page
    this.#mark(true);
  }

  /** Whether a file is held over the stage: the plot shows that it can be dropped. @param {boolean} isHeld */
  #mark(isHeld) {
    this.source.root.toggleAttribute("data-drop", isHeld);
  }

  /** Open an experiment that is dropped on the stage; any other file holds data. @param {DragEvent} event */
  async #drop(event) {
    this.#mark(false);
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    if (!file.name.toLowerCase().endsWith(".json")) {
      offered.dispatch(file);
      return;
    }
    try {
      const { openExperiment, readExperiment } = await import("./experiment.js");
      openExperiment(this.source, await readExperiment(file));
    } catch (error) {
      this.source.showMessage(error.message, "problem");
    }
  }
}
