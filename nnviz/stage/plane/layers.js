/**
 * What changes with every frame, in layers of their own: the field and the boundary below the points
 * and the axes, the rings above them. A new frame repaints neither points nor axes.
 */

/**
 * @typedef {{left: number, top: number, width: number, height: number}} Place of the axes, in pixels
 * @typedef {[low: number, high: number][]} Extent across and up, in data units
 */

/** @param {string} name @param {number} width of the line in pixels */
const svg = (name, width) => `<svg class="${name}" preserveAspectRatio="none" aria-hidden="true">
  <path transform="scale(1, -1)" fill="none" stroke-width="${width}" vector-effect="non-scaling-stroke"/></svg>`;

export class Layers {
  ringed = "";

  /** @param {HTMLElement} element of the plot @param {HTMLCanvasElement} canvas with the field */
  constructor(element, canvas) {
    const below = document.createElement("div");
    below.className = "nnviz-below";
    below.append(canvas);
    below.insertAdjacentHTML("beforeend", svg("nnviz-line", 2.5));
    element.append(below);
    element.insertAdjacentHTML("beforeend", `<svg class="nnviz-points" aria-hidden="true"></svg>${svg("nnviz-rings", 2)}`);
    const [points, above] = /** @type {SVGSVGElement[]} */ ([...element.children].slice(-2));
    this.canvas = canvas;
    this.below = below;
    this.drawings = [below.querySelector("svg"), above];
    this.points = points;
    this.elements = [below, points, above];
    this.line = below.querySelector("path");
    this.rings = above.querySelector("path");
  }

  /** @param {Place} place @param {Extent} extent of the axes @param {string} ink */
  place(place, [[left, right], [low, high]], ink) {
    for (const { style } of this.elements) {
      for (const [name, pixels] of Object.entries(place)) style.setProperty(name, `${pixels}px`);
    }
    for (const drawing of this.drawings) {
      drawing.setAttribute("viewBox", `${left} ${-high} ${right - left} ${high - low}`);
      drawing.setAttribute("stroke", ink);
    }
  }

  /**
   * Show the picture on the canvas.
   * @param {number} columns of the picture @param {number} rows
   * @param {string} line and rings, paths in data units
   * @param {string} rings
   */
  draw(columns, rows, line, rings) {
    // a pixel's centre lies on its grid point, so the picture reaches half a pixel further
    const [across, up] = [1 / (columns - 1), 1 / (rows - 1)];
    const { style } = this.canvas;
    [style.left, style.width] = [`${-50 * across}%`, `${100 * (1 + across)}%`];
    [style.top, style.height] = [`${-50 * up}%`, `${100 * (1 + up)}%`];
    this.line.setAttribute("d", line);
    if (rings !== this.ringed) this.rings.setAttribute("d", rings); // the same one would be painted again
    this.ringed = rings;
  }

  remove() {
    for (const element of this.elements) element.remove();
  }
}
