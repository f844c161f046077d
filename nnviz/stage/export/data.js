/** The numbers of the moment as files. */

import { save } from "./files.js";

export class DataPanel {
  /** @param {Element} element @param {import("./dialog.js").TakeDialog} dialog */
  constructor(element, dialog) {
    this.dialog = dialog;
    element.querySelector("ul").replaceChildren(...dialog.source.choices().tables.map((table) => this.row(table)));
  }

  row({ name, label, description }) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Download" });
    button.setAttribute("aria-label", `Download ${label}`);
    button.addEventListener("click", () => this.dialog.attempt(() => download(this.dialog, name)), {
      signal: this.dialog.source.signal,
    });
    const words = document.createElement("div");
    words.append(
      Object.assign(document.createElement("strong"), { textContent: label }),
      Object.assign(document.createElement("p"), { textContent: description }),
    );
    const row = document.createElement("li");
    row.append(words, button);
    return row;
  }

  show() {}
}

/** Save a file that the server makes. @param {string} what an experiment holds what is seen as well */
export async function download(dialog, what) {
  const { header, file } = await dialog.source.take({ what, ...dialog.sight });
  save(new Blob([file], { type: header.mime }), header.name);
  dialog.say(`Saved ${header.name}.`);
}
