/**
 * The panels beside the plot, one at a time, and the surface in its place. Those that are hidden
 * ask for nothing and paint nothing. Loaded with Plotly, when the first picture is shown.
 */

import { BoundaryChart, ProbabilityChart } from "./charts/charts.js";
import { HistoryChart } from "./charts/curves.js";
import { Diagram } from "./diagram/diagram.js";
import { difference } from "./run/ghosts.js";
import { symbolMark } from "./plane/sketch.js";
import { SpaceChart } from "./plane/warped-space.js";
import { SurfaceChart } from "./plane/surface.js";

export { BoundaryChart };

export class Panels {
  /**
   * @param {Element} root the stage
   * @param {object} plotly
   * @param {object} on what people do in the diagram, see `diagram/diagram.js`; `changed` where other
   *   units are to be seen; `ghosts` with the legend of earlier runs
   * @param {Object<string, string>} labels of the recipe's fields
   * @param {AbortSignal} signal
   */
  constructor(root, plotly, on, labels, signal) {
    const part = (name) => root.querySelector(`.nnviz-${name}`);
    this.on = on;
    this.labels = labels;
    this.tab = root.dataset.tab;
    this.probabilities = new ProbabilityChart(plotly, part("probabilities"), part("shares"), signal);
    this.history = new HistoryChart(plotly, part("history"), part("cursor"), signal);
    this.surface = new SurfaceChart(plotly, part("surface"), signal);
    this.diagram = new Diagram(part("network"), { ...on, windows: on.changed }, signal);
    this.space = new SpaceChart(part("space"), on.changed, signal);
  }

  /** Show another panel. */
  turnTo(tab) {
    if (this.tab === "network") this.diagram.letGo();
    this.tab = tab;
    if (this.scene) this.prepareShown();
  }

  /** Another network for the same points. */
  renew(net) {
    this.net = net;
    this.prepareShown();
  }

  /** Another data set, network or theme. @param {number} classIndex of the surface */
  prepare(scene, net, theme, styles, classIndex) {
    Object.assign(this, { scene, net, theme, styles: styles.slice(0, scene.classNames.length), allStyles: styles });
    this.probabilities.prepare(scene, theme, styles);
    this.history.prepare(theme, styles);
    this.surface.prepare(scene, theme, styles, classIndex);
    this.prepareShown();
  }

  /** Another class as a surface. @param {number} classIndex */
  showClass(classIndex) {
    if (this.scene) this.surface.prepare(this.scene, this.theme, this.allStyles, classIndex);
  }

  /** Keep a unit in the big plot, as a click on it in the diagram does. @param {[number, number]} unit */
  keepUnit(unit) {
    this.diagram.pin(unit);
  }

  prepareShown() {
    if (this.tab === "network") this.diagram.prepare(this.net, this.theme, this.styles);
    if (this.tab === "space") this.space.prepare(this.scene, this.net, this.theme, this.styles);
  }

  /** What a picture has to hold for the panel shown: fields of a request. */
  get seen() {
    if (this.tab === "network" && this.diagram.windows) return { network: this.diagram.windows };
    if (this.tab === "space" && this.space.place) return { space: this.space.place };
    return {};
  }

  /**
   * Have what is shown painted when its turn comes.
   * @param {import("./plane/pacer.js").Pacer} pacer
   * @param {object} shown
   * @param {object} shown.frame the picture shown
   * @param {import("./run/history.js").History} shown.history
   * @param {number} shown.epoch
   * @param {{recipe: object, lines: object[]}[]} shown.ghosts earlier runs beside the present one
   * @param {object} shown.recipe of the present run
   * @param {{isSurface: boolean, isAtThreshold: boolean, threshold: number}} shown.view of the plane
   * @param {{loss: boolean, epochs: boolean}} shown.axes of the history that are logarithmic
   */
  want(pacer, shown) {
    const { frame, view } = shown;
    const want = (tab, name, draw) => {
      if (this.tab === tab) pacer.want(name, () => this.tab === tab && draw()); // it may be hidden by then
    };
    want("network", "network", () => this.diagram.paint(frame));
    want("space", "space", () => this.space.paint(frame));
    want("curves", "history", () => this.showHistory(shown));
    if (view.isSurface) pacer.want("surface", () => this.surface.paint(frame));
  }

  showHistory({ history, epoch, ghosts, recipe, view, axes }) {
    this.history.scale(axes);
    this.history.hasOtherThreshold(view.isAtThreshold && view.threshold !== 0.5);
    this.history.beside(ghosts);
    this.history.paint(history, epoch);
    this.on.ghosts(ghosts.map((ghost, i) => ({
      text: difference(ghost.recipe, recipe, this.labels),
      mark: symbolMark(this.allStyles[i % this.allStyles.length]),
    })));
  }

  /** @param {(number | null)[]} values the network's probabilities at the point looked at */
  showProbabilities(values) {
    if (this.tab === "curves") this.probabilities.paint(values);
  }

  resize() {
    for (const chart of [this.probabilities, this.history, this.surface, this.diagram, this.space]) chart.resize();
  }
}
