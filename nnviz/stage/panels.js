/**
 * The panels beside the plot, one at a time or two, and the surface in its place. Those that are
 * hidden request nothing and paint nothing. Loaded with Plotly, when the first picture is shown.
 */

import { HistoryChart } from "./charts/curves.js";
import { ProbabilityChart } from "./charts/probabilities.js";
import { Diagram } from "./diagram/diagram.js";
import { BoundaryChart } from "./plane/boundary-chart.js";
import { difference } from "./run/ghosts.js";
import { symbolMark } from "./plane/symbols.js";
import { StartsPanel } from "./starts/starts-panel.js";
import { SpaceChart } from "./plane/warped-space.js";
import { SurfaceChart } from "./plane/surface.js";

export { BoundaryChart };

/**
 * @typedef {import("./look.js").Net} Net
 * @typedef {import("./plane/plane.js").Frame} Frame
 * @typedef {import("./plane/plane.js").Style} Style
 * @typedef {import("./plane/plane.js").Theme} Theme
 * @typedef {import("./plane/scene.js").Scene} Scene
 */

/**
 * @typedef {object} OwnEvents
 * @property {() => void} changed the panels show other units
 * @property {(field: "seed" | "data_seed", seed: number) => void} start the run with that seed becomes the one shown
 * @property {(runs: {text: string, mark: string}[]) => void} ghosts the legend of earlier runs, to be shown
 *
 * @typedef {Omit<import("./diagram/diagram.js").DiagramEvents, "windows"> & OwnEvents} PanelEvents
 */

/**
 * What the panels show.
 * @typedef {object} Shown
 * @property {Frame} frame
 * @property {import("./run/history.js").History} history
 * @property {number} epoch
 * @property {import("./run/ghosts.js").Ghost[]} ghosts earlier runs beside the present one
 * @property {import("./charts/curves.js").Beside[]} beside runs side by side with it
 * @property {Style | null} own its style among them
 * @property {import("./run/recipes.js").Recipe} recipe of the present run
 * @property {{isSurface: boolean, isAtThreshold: boolean, threshold: number}} view of the plane
 * @property {{loss: boolean, epochs: boolean}} axes of the history that are logarithmic
 */

export class Panels {
  /** Set by `prepare`, as all below. @type {Scene | undefined} */
  scene;
  /** @type {Net | undefined} */
  net;
  /** @type {Theme | undefined} */
  theme;
  /** The styles of all classes, and spare ones for earlier runs. @type {Style[]} */
  styles = [];

  /**
   * @param {HTMLElement} root the stage
   * @param {import("./charts/plotly-loader.js").Plotly} plotly
   * @param {PanelEvents} on what the user does in the panels
   * @param {import("./run/phrases.js").Phrases} phrases of the recipe's settings
   * @param {AbortSignal} signal
   */
  constructor(root, plotly, on, phrases, signal) {
    /** @param {string} name @returns {HTMLElement} */
    const part = (name) => root.querySelector(`.nnviz-${name}`);
    this.on = on;
    this.phrases = phrases;
    /** The panels shown. @type {string[]} */
    this.shown = [];
    this.probabilities = new ProbabilityChart(plotly, part("probabilities"), root.querySelector(".nnviz-bars ol"), signal);
    this.history = new HistoryChart(plotly, part("history"), part("cursor"), signal);
    this.surface = new SurfaceChart(plotly, part("surface"), signal);
    this.diagram = new Diagram(part("network"), { ...on, windows: on.changed }, signal);
    this.space = new SpaceChart(part("space"), on.changed, signal);
    this.starts = new StartsPanel(part("starts"), on, signal);
  }

  /** Show other panels. @param {string[]} shown their names */
  turnTo(shown) {
    if (this.shown.includes("network") && !shown.includes("network")) this.diagram.unpin();
    this.shown = shown;
    if (this.scene) this.prepareShown();
  }

  /** Another network for the same points. @param {Net} net */
  renew(net) {
    this.net = net;
    this.prepareShown();
  }

  /**
   * Another data set, network or theme.
   * @param {Scene} scene @param {Net} net @param {Theme} theme @param {Style[]} styles
   * @param {number} classIndex of the surface
   */
  prepare(scene, net, theme, styles, classIndex) {
    this.scene = scene;
    this.net = net;
    this.theme = theme;
    this.styles = styles;
    this.probabilities.prepare(scene, theme, styles);
    this.history.prepare(theme, styles);
    this.surface.prepare(scene, theme, styles, classIndex);
    this.prepareShown();
  }

  /** Other points on the same plane. @param {Scene} scene */
  showPoints(scene) {
    this.scene = scene;
    this.space.scene = scene;
    this.surface.scene = scene;
    this.surface.drawn = false;
  }

  /** Another class as a surface. @param {number} classIndex */
  showClass(classIndex) {
    if (this.scene) this.surface.prepare(this.scene, this.theme, this.styles, classIndex);
  }

  /**
   * Pin a unit, so that the plot shows its map: as a click on it in the diagram does.
   * @param {[number, number]} unit
   */
  keepUnit(unit) {
    this.diagram.togglePin(unit);
  }

  prepareShown() {
    const styles = this.styles.slice(0, this.scene.classNames.length);
    if (this.shown.includes("network")) this.diagram.prepare(this.net, this.theme, styles);
    if (this.shown.includes("space")) this.space.prepare(this.scene, this.net, this.theme, styles);
    if (this.shown.includes("starts")) this.starts.prepare(styles, this.theme);
  }

  /** What a picture has to hold for the panels shown: fields of a request. */
  get seen() {
    return {
      ...(this.shown.includes("network") && this.diagram.windows ? { network: this.diagram.windows } : {}),
      ...(this.shown.includes("space") && this.space.axes ? { space: this.space.axes } : {}),
      ...(this.shown.includes("starts") ? this.starts.wanted : {}),
    };
  }

  /**
   * Have the panels shown painted when their turn comes.
   * @param {import("./plane/pacer.js").Pacer} pacer @param {Shown} shown
   */
  want(pacer, shown) {
    const { frame, view } = shown;
    /** @param {string} panel @param {string} name @param {() => void} draw */
    const want = (panel, name, draw) => {
      const isShown = () => this.shown.includes(panel);
      if (isShown()) pacer.want(name, () => isShown() && draw()); // another panel may be shown by then
    };
    want("network", "network", () => this.diagram.paint(frame));
    want("space", "space", () => this.space.paint(frame));
    want("starts", "starts", () => this.starts.paint(frame, shown.recipe));
    want("curves", "history", () => this.showHistory(shown));
    if (view.isSurface) pacer.want("surface", () => this.surface.paint(frame));
  }

  /** The picture shown, on a finer grid: only the field and the boundary differ. @param {Frame} frame @param {boolean} isSurface */
  refine(frame, isSurface) {
    if (this.shown.includes("space")) this.space.paint(frame);
    if (isSurface) this.surface.paint(frame);
  }

  /** @param {Shown} shown */
  showHistory({ history, epoch, ghosts, beside, own, recipe, view, axes }) {
    this.history.setAxes(axes);
    this.history.nameThreshold(view.isAtThreshold && view.threshold !== 0.5);
    this.history.showGhosts(ghosts);
    this.history.showBeside(beside, own);
    this.history.paint(history, epoch);
    this.on.ghosts(ghosts.map((ghost, i) => ({
      text: difference(ghost.recipe, recipe, this.phrases),
      mark: symbolMark(this.styles[i % this.styles.length]),
    })));
  }

  /**
   * @param {import("./run/replies.js").ProbeAnswer} answer for the point under the cursor, or pinned
   * @param {import("./charts/probabilities.js").RunAnswer[]} [runs] side by side
   */
  showProbabilities(answer, runs = []) {
    this.probabilities.paint(answer, runs);
  }

  resize() {
    for (const chart of [this.probabilities, this.history, this.surface, this.diagram, this.space]) chart.resize();
  }
}
