/** A small colour scale in the corner of the plane, for views that show a quantity. */

export class ColourScale {
  /** @param {HTMLElement} plane @param {import("../look.js").Views} views */
  constructor(plane, views) {
    this.views = views;
    this.element = document.createElement("p");
    this.element.className = "nnviz-scale";
    plane.append(this.element);
  }

  /** @param {Pick<import("../look.js").Look, "view" | "unit">} look as it is painted @param {number} k classes */
  show({ view, unit }, k) {
    const { scale } = this.views[view];
    this.element.hidden = !scale || unit !== null;
    if (!scale) return;
    const [low, high] = scale.map((end) => end.replace("{k}", String(k)));
    const bar = document.createElement("span");
    bar.className = "nnviz-shades";
    this.element.replaceChildren(`${view} ${low} `, bar, ` ${high}`);
  }
}
