/** The controls above the plot, in which people choose what it shows. */

import { isSurface } from "../look.js";

export class ViewControls {
  /** @param {Element} root the stage @param {object} views label and explanation of each view, by its name */
  constructor(root, views) {
    this.root = root;
    this.views = views;
    const options = Object.entries(views).map(([name, { label, description }]) => Object.assign(new Option(label, name), { title: description }));
    this.control("view").replaceChildren(...options);
  }

  control(name) {
    return this.root.querySelector(`[data-do=${name}]`);
  }

  /** Another data set: its classes, and what can be seen of them. @param {string[]} classNames */
  offer(classNames) {
    const isPair = classNames.length === 2;
    for (const option of this.control("view").options) option.disabled = this.views[option.value].twoClasses && !isPair;
    this.control("class").replaceChildren(...classNames.map((name, i) => new Option(name, i)));
  }

  /** @param {import("../look.js").Look} look */
  show(look) {
    const { parameter, description } = this.views[look.view];
    for (const name of ["view", "class", "threshold", "points", "pace"]) this.control(name).value = String(look[name]);
    for (const name of ["rings", "log_loss", "log_epochs"]) this.control(name).checked = look[name];
    for (const label of this.root.querySelectorAll("[data-parameter]")) label.hidden = label.dataset.parameter !== parameter;
    this.root.querySelector("[data-show=threshold]").textContent = look.threshold.toFixed(2);
    this.root.querySelector("[data-show=description]").textContent = look.view === "blend" ? "" : description;
    this.root.querySelector(".nnviz-surface").hidden = !isSurface(look);
    this.root.querySelector(".nnviz-plane").classList.toggle("nnviz-solid", isSurface(look));
  }
}

