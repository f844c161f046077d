/** What people choose to see of the plane: the controls above the plot, and what follows from them. */

import { classOf } from "./names.js";
import { FIRST_VIEW } from "./plane.js";

export class Looking {
  /** @param {Element} root the stage @param {object} views words of each view, by its name */
  constructor(root, views) {
    Object.assign(this, { root, views });
    this.view = { ...FIRST_VIEW };
    const options = Object.entries(views).map(([name, { label, says }]) => Object.assign(new Option(label, name), { title: says }));
    this.control("view").replaceChildren(...options);
    this.show();
  }

  control(name) {
    return this.root.querySelector(`[data-do=${name}]`);
  }

  /** @param {Partial<FIRST_VIEW>} changes */
  set(changes) {
    Object.assign(this.view, changes);
    this.show();
  }

  /** Another data set or network: what it has not got is no longer looked at. */
  renew(classNames, net) {
    this.net = net;
    const k = classNames.length;
    this.view.unit = null;
    if (this.views[this.view.mode].pair && k !== 2) this.view.mode = "blend";
    if (this.view.klass >= k) this.view.klass = 0;
    for (const option of this.control("view").options) option.disabled = Boolean(this.views[option.value].pair) && k !== 2;
    this.control("klass").replaceChildren(...classNames.map((name, i) => new Option(name, i)));
    this.show();
  }

  show() {
    const { mode, klass, threshold, rings, parts } = this.view;
    for (const [name, value] of Object.entries({ view: mode, klass, threshold, parts })) this.control(name).value = value;
    this.control("rings").checked = rings;
    for (const label of this.root.querySelectorAll("[data-asks]")) label.hidden = label.dataset.asks !== this.views[mode].asks;
    this.root.querySelector("[data-show=threshold]").textContent = threshold.toFixed(2);
    this.root.querySelector("[data-show=says]").textContent = mode === "blend" ? "" : this.views[mode].says;
    this.root.querySelector(".nnviz-surface").hidden = !this.isSurface;
    this.root.querySelector(".nnviz-plane").classList.toggle("nnviz-solid", this.isSurface);
  }

  /** What a picture has to hold: fields of a request. */
  get seen() {
    const { threshold, rings, unit } = this.view;
    return {
      ...(this.isAtThreshold ? { threshold } : {}),
      ...(this.isAtThreshold || rings ? { called: true } : {}),
      ...(unit ? { unit } : {}),
    };
  }

  /** The view as the plane has to paint it: an output unit is its class. */
  get painted() {
    const { unit } = this.view;
    if (!unit || unit[0] < this.net.sizes.length - 1) return { ...this.view };
    return { ...this.view, unit: null, mode: "class", klass: classOf(unit[1], this.net) };
  }

  /** Whether classes are called at the threshold chosen. */
  get isAtThreshold() {
    return Boolean(this.views[this.view.mode].pair);
  }

  /** Whether the surface stands in the place of the plot. */
  get isSurface() {
    return this.view.mode === "surface" && !this.view.unit;
  }
}
