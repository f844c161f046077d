/** A visitor's own data on the page of static files: the field, and the step that shows what was understood. */

import { DataField } from "../controls/data-field.js";
import { Form } from "../controls/form.js";
import { offered } from "../controls/offered-file.js";
import { drawn } from "./panel-items.js";

/**
 * @typedef {object} OwnDataStep see `nnviz/site/engine/own_data.py`
 * @property {string} name of the file
 * @property {import("../controls/form.js").FormGroup[]} groups
 * @property {import("./panel-items.js").Table | null} preview
 * @property {string[]} notes
 * @property {string | null} error why the data cannot be used
 */

const WHERE = "They stay in this browser.";

const MARKUP = `<h2>Your data</h2>
  <div class="site-preview"></div>
  <form></form>
  <p class="site-warning" role="alert"></p>
  <div class="site-notes"></div>
  <p class="site-panel-choice"><button type="button" name="use">Use these data</button><button type="button" name="cancel">Cancel</button></p>`;

export class OwnData {
  /** @type {string} what the preview shows, as JSON */
  #previewed = "";

  /**
   * @param {HTMLElement} place of the field @param {{mostBytes: number, files: string}} given
   * @param {(message: object) => void} send to Python, see `Page.handle` in `nnviz/site/engine/page.py`
   * @param {() => void} draw start with an empty plane
   */
  constructor(place, { mostBytes, files }, send, draw) {
    this.drawing = { files, send };
    this.field = new DataField(place, { mostBytes, mostSent: Infinity }, WHERE, (file) => send({ file }), draw);
    this.dialog = Object.assign(document.createElement("dialog"), { className: "site-dialog", innerHTML: MARKUP });
    this.dialog.setAttribute("aria-label", "Your data");
    this.form = new Form(this.#find("form", HTMLFormElement), () => {}, (key, value) => send({ chosen: { [key]: value } }));
    this.#find("[name=use]", HTMLButtonElement).addEventListener("click", () => send({ use: true }));
    this.#find("[name=cancel]", HTMLButtonElement).addEventListener("click", () => send({ use: false }));
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // it is closed by the answer
      send({ use: false });
    });
    document.body.append(this.dialog);
    offered.subscribe((file) => {
      if (!file) return;
      offered.dispatch(null);
      this.field.read(file, file.name);
    });
  }

  /** @template {HTMLElement} Kind @param {string} selector @param {new () => Kind} kind @returns {Kind} */
  #find(selector, kind) {
    const found = this.dialog.querySelector(selector);
    if (!(found instanceof kind)) throw new TypeError(selector);
    return found;
  }

  /** @param {OwnDataStep | null} step */
  show(step) {
    if (!step) return this.dialog.close();
    this.form.show(step.groups);
    const previewed = JSON.stringify(step.preview);
    if (previewed !== this.#previewed) {
      this.#find(".site-preview", HTMLElement).replaceChildren(...(step.preview ? [drawn(step.preview, this.drawing)] : []));
    }
    this.#previewed = previewed;
    this.#find("[role=alert]", HTMLElement).textContent = step.error;
    this.#find("[role=alert]", HTMLElement).hidden = !step.error;
    this.#find(".site-notes", HTMLElement).replaceChildren(...step.notes.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    this.#find("[name=use]", HTMLButtonElement).disabled = Boolean(step.error);
    if (!this.dialog.open) this.dialog.showModal();
  }
}
