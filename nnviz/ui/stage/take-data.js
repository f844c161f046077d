/** The numbers of the moment as files. */

import { save } from "./take-files.js";

/** What is in each, by the name of its table. */
const SAYS = {
  points: "Every point: its two features, its class, and whether it is of the training or the test part.",
  history: "Loss and accuracy of the training and the test part, one row for each epoch up to this one.",
  weights: "The matrix of every layer, its first row the bias, as an .npz file: numpy.load opens it.",
  weights_json: "The same matrices as text, for any other program.",
  experiment: "The recipe, the changes made during the run, and the epoch. Share opens it again, on any nnviz.",
};

export class DataPanel {
  /** @param {Element} element @param {import("./take-dialog.js").TakeDialog} dialog */
  constructor(element, dialog) {
    this.dialog = dialog;
    element.querySelector("ul").replaceChildren(...dialog.choices.tables.map((table) => this.row(table)));
  }

  row({ name, label }) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Download" });
    button.setAttribute("aria-label", `Download ${label}`);
    button.addEventListener("click", () => this.dialog.attempt(() => download(this.dialog, name)));
    const words = document.createElement("div");
    words.append(
      Object.assign(document.createElement("strong"), { textContent: label }),
      Object.assign(document.createElement("p"), { textContent: SAYS[name] ?? "" }),
    );
    const row = document.createElement("li");
    row.append(words, button);
    return row;
  }

  show() {}
}

/** Save a file that the server makes. @param {string} what */
export async function download(dialog, what) {
  const { header, file } = await dialog.take({ what });
  save(new Blob([file], { type: header.mime }), header.name);
  dialog.say(`Saved ${header.name}.`);
}
