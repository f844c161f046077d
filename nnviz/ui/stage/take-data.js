/** The numbers of the moment as files. */

import { save } from "./take-files.js";

/** What is in each, by the name of its table. */
const SAYS = {
  points: "Every point with its class, its part (training or test), and the class and probabilities the network gives it.",
  history: "Losses and accuracies of both parts, a row an epoch up to this one.",
  weights: "The matrix of each layer, row 0 being the bias, for NumPy’s load.",
  weights_json: "The same matrices as text, for anything that reads JSON.",
  experiment: "Recipe, changes made by hand, and epoch. Open it again under Share.",
};

export class DataPanel {
  /** @param {Element} element @param {import("./take-dialog.js").TakeDialog} dialog */
  constructor(element, dialog) {
    this.dialog = dialog;
    const tables = dialog.choices.tables;
    const experiment = { name: "experiment", label: "Experiment", suffix: "nnviz.json" };
    const all = tables.some(({ name }) => name === "experiment") ? tables : [...tables, experiment];
    element.querySelector("ul").replaceChildren(...all.map((table) => this.row(table)));
  }

  row({ name, label, suffix, says = SAYS[name] ?? "" }) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Download" });
    button.setAttribute("aria-label", `Download ${label}`);
    button.addEventListener("click", () => this.dialog.attempt(() => download(this.dialog, name)));
    const words = document.createElement("div");
    words.append(
      Object.assign(document.createElement("strong"), { textContent: label }),
      Object.assign(document.createElement("code"), { textContent: `.${suffix.replace(/^\./, "")}` }),
      Object.assign(document.createElement("p"), { textContent: says }),
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
