/** The run as a script. */

import { all, one } from "../controls/elements.js";
import { offer } from "./form-fields.js";
import { blobOfBytes, copyText, save } from "./files.js";

/**
 * @typedef {object} Script
 * @property {string} name @property {string} mime @property {string} text
 * @property {string[]} differences from the run
 * @property {string} [reads] the export of the file that it reads
 */

/** @type {Script} */
const NO_SCRIPT = { name: "", mime: "", text: "", differences: [] };

export class CodePanel {
  /** @type {Script} */
  script = NO_SCRIPT;
  /** The flavour shown, or under way. @type {string | undefined} */
  shown;

  /** @param {HTMLElement} element @param {import("./dialog.js").ExportDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.flavour = one(element, "select", HTMLSelectElement);
    this.code = one(element, "pre", HTMLPreElement);
    const { source } = dialog;
    const { signal } = source;
    offer(this.flavour, source.choices().flavours);
    this.flavour.addEventListener("change", () => this.show(), { signal });
    this.part("[data-export=download]").addEventListener("click", () => dialog.attempt(() => this.download()), { signal });
    this.part("[data-export=copy]").addEventListener("click", () => dialog.attempt(() => this.copy()), { signal });
  }

  /** @param {string} selector */
  part(selector) {
    return one(this.element, selector, HTMLElement);
  }

  renew() {
    this.shown = undefined;
  }

  async show() {
    const flavour = this.flavour.value;
    if (flavour === this.shown) return;
    this.shown = flavour;
    this.allow(false); // what is there is another flavour's
    this.showProblem("");
    this.dialog.showMessage("");
    try {
      const { header, file } = await this.dialog.source.request({ what: flavour });
      if (flavour !== this.shown) return; // another one was chosen meanwhile
      const { name, mime } = header;
      const { reads, differences } = /** @type {{reads?: string, differences: string[]}} */ (/** @type {unknown} */ (header));
      this.showScript({ name, mime, reads, differences, text: new TextDecoder().decode(file) });
    } catch (error) {
      if (flavour !== this.shown) return;
      this.shown = undefined;
      this.showScript(NO_SCRIPT);
      this.showProblem(error.message);
    }
  }

  /** @param {Script} script */
  showScript(script) {
    const { text, differences } = script;
    this.script = script;
    this.code.textContent = text;
    this.code.hidden = !text;
    this.code.scrollTop = 0;
    this.part(".nnviz-export-differences").hidden = !differences.length;
    this.part("ul").replaceChildren(...differences.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
    const { needs } = this.dialog.source.choices().flavours.find((row) => row.name === this.flavour.value);
    this.part("[data-export=needs]").textContent = needs ? `needs ${[needs].flat().join(", ")}` : "";
    this.allow(Boolean(text));
  }

  /** @param {boolean} isReady whether the script can be copied and saved */
  allow(isReady) {
    for (const button of all(this.element, "button", HTMLButtonElement)) button.disabled = !isReady;
  }

  /** @param {string} problem why there is no script; none where it is empty */
  showProblem(problem) {
    const line = this.part(".nnviz-export-empty");
    line.textContent = problem;
    line.hidden = !problem;
    if (problem) this.dialog.showMessage("There is no script of this run in this flavour.", "problem");
  }

  async download() {
    const { name, mime, text, reads } = this.script;
    save(new Blob([text], { type: mime }), name);
    if (!reads) return this.dialog.showMessage(`Saved ${name}.`);
    const { header, file } = await this.dialog.source.request({ what: reads });
    save(blobOfBytes(file, header.mime), header.name);
    this.dialog.showMessage(`Saved ${name}, and ${header.name}, which it reads.`);
  }

  async copy() {
    await copyText(this.script.text);
    this.dialog.showMessage("Script copied.");
  }
}
