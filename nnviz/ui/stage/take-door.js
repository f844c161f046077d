/** The camera button. What is behind it is loaded when it is pressed first. */

export class Door {
  /** @param {import("./stage.js").Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  async open() {
    this.loading ??= import("./take-dialog.js").then(({ load }) => load(this.stage));
    try {
      (await this.loading).open();
    } catch {
      this.loading = undefined;
      this.stage.say("The export could not be loaded. Reload the page to try again.");
    }
  }

  /** An experiment dropped on the stage is opened. @returns {() => void} lets go */
  bind() {
    const { root } = this.stage;
    const dragover = (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault(); // or the browser leaves the page
    };
    const drop = (event) => {
      const [file] = event.dataTransfer.files;
      if (!file) return;
      event.preventDefault();
      this.drop(file);
    };
    root.addEventListener("dragover", dragover);
    root.addEventListener("drop", drop);
    return () => {
      root.removeEventListener("dragover", dragover);
      root.removeEventListener("drop", drop);
      this.loading?.then((dialog) => dialog.close());
    };
  }

  async drop(file) {
    try {
      const { experimentOf } = await import("./take-experiment.js");
      this.hand(await experimentOf(file));
    } catch (error) {
      this.stage.say(error.message);
    }
  }

  /** Give the page an experiment to open. @param {string} text of its file */
  hand(text) {
    this.stage.say("");
    this.stage.reports.setTriggerValue("experiment", text);
  }
}
