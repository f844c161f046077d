/** The numbers of the moment as files. */

import { one } from "../controls/elements.js";
import { blobOfBytes, save } from "./files.js";

/** @typedef {import("./dialog.js").ExportDialog} ExportDialog */

export class DataPanel {
  /** @param {HTMLElement} element @param {ExportDialog} dialog */
  constructor(element, dialog) {
    this.dialog = dialog;
    one(element, "ul", HTMLUListElement).replaceChildren(...dialog.source.choices().tables.map((table) => this.row(table)));
  }

  /** @param {import("./form-fields.js").Choices["tables"][number]} table */
  row({ name, label, description }) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Download" });
    button.setAttribute("aria-label", `Download ${label}`);
    button.addEventListener("click", () => this.dialog.attempt(() => download(this.dialog, name)), {
      signal: this.dialog.source.signal,
    });
    const text = document.createElement("div");
    text.append(
      Object.assign(document.createElement("strong"), { textContent: label }),
      Object.assign(document.createElement("p"), { textContent: description }),
    );
    const row = document.createElement("li");
    row.append(text, button);
    return row;
  }

  show() {}
}

/**
 * Save a file that the server makes.
 * @param {ExportDialog} dialog @param {string} what an experiment holds the look as well
 */
export async function download(dialog, what) {
  const { header, file } = await dialog.source.request({ what, ...dialog.lookFields });
  save(blobOfBytes(file, header.mime), header.name);
  dialog.showMessage(`Saved ${header.name}.`);
}
