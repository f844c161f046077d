/** The controls above the plot, in which the user chooses what it shows: `data-do` is a field of the look. */

import { all, one } from "./elements.js";
import { isSurface } from "../look.js";

/** @typedef {import("../look.js").Look} Look */

/** @type {("view" | "class" | "points" | "pace")[]} */
const SELECTS = ["view", "class", "points", "pace"];
/** @type {("rings" | "log_loss" | "log_epochs")[]} */
const BOXES = ["rings", "log_loss", "log_epochs"];

export class ViewControls {
  /** @param {HTMLElement} root the stage @param {import("../look.js").Views} views */
  constructor(root, views) {
    this.root = root;
    this.views = views;
    const options = Object.entries(views).map(([name, { label, description }]) => {
      const option = new Option(label, name);
      option.title = description;
      return option;
    });
    this.select("view").replaceChildren(...options);
  }

  /** @param {string} name @returns {HTMLSelectElement} */
  select(name) {
    return one(this.root, `select[data-do=${name}]`, HTMLSelectElement);
  }

  /** @param {string} name @returns {HTMLInputElement} */
  input(name) {
    return one(this.root, `input[data-do=${name}]`, HTMLInputElement);
  }

  /** Another data set: its classes, and the views that it has. @param {string[]} classNames */
  offer(classNames) {
    const isPair = classNames.length === 2;
    for (const option of this.select("view").options) option.disabled = this.views[option.value].twoClasses && !isPair;
    this.select("class").replaceChildren(...classNames.map((name, i) => new Option(name, String(i))));
  }

  /** @param {Look} look */
  show(look) {
    const { parameter } = this.views[look.view];
    for (const name of SELECTS) this.select(name).value = String(look[name]);
    for (const name of BOXES) this.input(name).checked = look[name];
    one(this.root, "[data-do=projector]", HTMLElement).setAttribute("aria-pressed", String(look.projector));
    this.input("threshold").value = String(look.threshold);
    one(this.root, ".nnviz-look", HTMLElement).toggleAttribute("data-asks", parameter !== null);
    for (const label of all(this.root, "[data-parameter]", HTMLElement)) label.hidden = label.dataset.parameter !== parameter;
    one(this.root, "[data-show=threshold]", HTMLElement).textContent = look.threshold.toFixed(2);
    one(this.root, ".nnviz-surface", HTMLElement).hidden = !isSurface(look);
    one(this.root, ".nnviz-plane", HTMLElement).classList.toggle("nnviz-solid", isSurface(look));
  }
}
