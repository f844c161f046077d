/** Paints the plane, and lets the panels paint in turns: one picture a frame of the display. */

import { ColourScale } from "./colour-scale.js";
import { isAtThreshold, isSurface } from "../look.js";
import { Pacer } from "./pacer.js";
import { hasSamePlane } from "./scene.js";
import { sceneDrawn } from "../pen/drawing.js";
import { condition, wholeRecipe } from "../run/run-state.js";
import { BETWEEN, isSamplewise, SLOW } from "../run/pace.js";
import { Sketch } from "./sketch.js";
import { classOf } from "../text/names.js";

/**
 * @typedef {import("../stage-state.js").StageState} StageState
 * @typedef {import("../look.js").Look} Look
 * @typedef {import("../look.js").Net} Net
 * @typedef {import("./boundary-chart.js").BoundaryChart} BoundaryChart
 */

/**
 * What the next paint has to show.
 * @typedef {object} Due
 * @property {boolean} [frame] another one
 * @property {boolean} [scene] another data set or theme
 * @property {boolean} [points] others are drawn on the same plane
 * @property {boolean} [look] another look
 * @property {boolean} [pin] another point is pinned, or none
 * @property {boolean} [probe] other probabilities
 * @property {boolean} [panels] bring all panels up to date
 */

/** Frames between two drawings of what need not change with every frame; others take the default. */
const PERIODS = { numbers: 6, probe: 8, history: 24, network: 2, space: 2, starts: 2, surface: 6 };

export class Painting {
  pacer = new Pacer(PERIODS);
  /** @type {Due} */
  due = {};
  /** The frame on the screen. @type {import("./plane.js").Frame?} */
  frame = null;
  frames = 0;
  /** The chart drawn by Plotly, once that has loaded. @type {BoundaryChart?} */
  chart = null;
  /** The planes beside this one. @type {import("../compare/comparison.js").Comparison?} */
  comparison = null;
  /** The panels, once Plotly has loaded. @type {import("../panels.js").Panels?} */
  panels = null;
  isScrubbing = false;
  isAdvancing = false;
  /** When the run went on last, in ms. */
  advanced = -Infinity;
  /** The animation frame in which the next paint comes. @type {number | undefined} */
  scheduled;

  /**
   * @param {HTMLElement} root the stage
   * @param {import("../stage-state.js").StageStore} store
   * @param {import("../run/run.js").Run} run its history and the earlier runs
   * @param {object} on
   * @param {() => import("./plane.js").Theme} on.theme
   * @param {() => void} on.prepared the panels know the data and the network
   * @param {() => void} on.first the first picture is on the screen
   * @param {() => void} on.numbers write the numbers
   * @param {() => void} on.probe write the probabilities
   * @param {() => void} on.rest everything is up to date
   * @param {import("./plane.js").Style[]} styles one per class
   * @param {AbortSignal} signal
   */
  constructor(root, store, run, on, styles, signal) {
    this.root = root;
    this.store = store;
    this.run = run;
    this.on = on;
    this.styles = styles;
    /** @type {Sketch | BoundaryChart} */
    this.boundary = new Sketch(root.querySelector(".nnviz-boundary"));
    this.scale = new ColourScale(root.querySelector(".nnviz-plane"), store.state.views);
    run.onPicture = () => this.schedule({});
    signal.addEventListener("abort", store.subscribe((state, before) => this.follow(state, before)));
    signal.addEventListener("abort", () => cancelAnimationFrame(this.scheduled));
  }

  /**
   * Plotly has loaded: its chart replaces the sketch.
   * @param {BoundaryChart} chart @param {import("../panels.js").Panels} panels
   */
  takeOver(chart, panels) {
    this.chart = chart;
    this.panels = panels;
    this.schedule({ scene: true });
  }

  get state() {
    return this.store.state;
  }

  /** Paint what has changed. @param {StageState} state @param {StageState} before */
  follow({ scene, net, look, answer, besideAnswers, frame, run, pen }, before) {
    const isEdited = run.edits !== before.run.edits && (run.edits.length > 0 || before.run.edits.length > 0);
    if (pen.held !== before.pen.held || isEdited) this.schedule({ points: true });
    if (scene !== before.scene) this.schedule(before.scene && hasSamePlane(scene, before.scene) ? { points: true } : { scene: true });
    else if (net !== before.net) this.renew(net);
    if (look !== before.look) this.schedule({ look: true });
    if (look.beside.length !== before.look.beside.length) this.schedule({ scene: true }); // with other margins, or without legend
    if (look.probe !== before.look.probe) this.schedule({ pin: true, probe: true });
    if (answer !== before.answer || besideAnswers !== before.besideAnswers) this.schedule({ probe: true });
    if (condition(run) !== condition(before.run)) this.schedule({ panels: true }); // all up to date where it rests
    if (frame === before.frame || this.isAdvancing) return;
    if (run.playing || run.epochsToTrain) this.schedule({});
    else this.paint(); // a single picture, requested by itself
  }

  /** Another network, the same points. @param {Net} net */
  renew(net) {
    if (this.panels?.scene) {
      this.panels.renew(net);
      this.on.prepared();
    }
    if (this.frame) this.schedule({ look: true });
  }

  /** @param {Due} due */
  schedule(due) {
    Object.assign(this.due, due);
    this.scheduled ??= requestAnimationFrame((now) => {
      this.scheduled = undefined;
      this.advance(now);
      this.paint();
      if (this.run.hasPicture || (this.state.run.playing && isSamplewise(this.state))) this.schedule({});
    });
  }

  /** Take the next picture of a run that goes on, unless another has yet to be put on the screen. @param {number} now in ms */
  advance(now) {
    const { run, look, frame, steps } = this.state;
    if (frame !== this.frame || (run.playing && look.pace === SLOW && now - this.advanced < BETWEEN)) return;
    this.isAdvancing = true; // that picture is painted right away
    if (this.run.hasPicture) {
      this.advanced = now;
      this.run.show();
    } else if (run.playing && isSamplewise(this.state) && steps === (frame?.steps ?? 0)) {
      this.advanced = now;
      this.store.dispatch({ type: "nextSample" });
    }
    this.isAdvancing = false;
  }

  /** Show the waiting picture before points are drawn, so that drawing starts from there and no frame is lost. */
  goOn() {
    this.advance(performance.now());
    this.schedule({});
  }

  /** Put the picture shown on the screen. */
  paint() {
    const { frame } = this.state;
    if (!frame) return; // the server has not answered yet
    /** @type {Due} */
    const due = { ...this.due, frame: frame !== this.frame };
    this.due = {};
    this.frame = frame;
    if (due.probe) this.pacer.want("probe", () => this.on.probe());
    if (due.points && !due.scene) this.drawPoints();
    if (due.scene) this.drawScene();
    else this.drawChanges(due);
    this.root.dataset.fine = String(Boolean(frame.isFine));
    if (due.frame && !frame.isFine) this.count();
  }

  /** Another data set or theme: draw the picture at once, the panels with the next frame. */
  drawScene() {
    const { scene, look, net } = this.state;
    const before = this.boundary;
    this.boundary = this.chart ?? before;
    this.boundary.pinned = look.probe ?? undefined;
    this.boundary.isCompact = look.beside.length > 0;
    this.boundary.look = paintedLook(look, net);
    this.boundary.drawn = sceneDrawn(this.state);
    this.boundary.draw(scene, this.on.theme(), this.styles, this.frame);
    this.comparison?.draw();
    this.scale.show(this.boundary.look, scene.classNames.length);
    if (before instanceof Sketch && before !== this.boundary) before.remove();
    this.panels?.prepare(scene, net, this.on.theme(), this.styles, look.class);
    this.on.prepared();
    this.want();
    this.schedule({ probe: true });
  }

  /** The points as the user has drawn them, on the same plane. */
  drawPoints() {
    const { scene } = this.state;
    const drawn = sceneDrawn(this.state);
    if (!scene || !drawn) return;
    this.boundary.drawPoints(scene, drawn);
    this.panels?.showPoints(scene);
  }

  /** @param {Due} due */
  drawChanges({ frame, pin, look }) {
    if (frame && !look && this.frame.isFine) {
      this.boundary.paint(this.frame);
      this.panels?.refine(this.frame, isSurface(this.state.look));
      return;
    }
    if (look) this.recolour();
    if (frame || look) {
      this.boundary.paint(this.frame);
      this.comparison?.paint(this.frame);
      this.want();
    }
    if (pin) {
      this.boundary.setPin(this.state.look.probe ?? undefined);
      this.comparison?.recolour();
    }
    if (condition(this.state.run) === "running" || this.isScrubbing) this.pacer.frame();
    else if (frame || look) this.schedule({ panels: true }); // the picture first, the panels right after it
    else this.catchUp();
  }

  recolour() {
    const { scene, look, net } = this.state;
    const { points } = this.boundary.look;
    this.boundary.look = paintedLook(look, net);
    this.panels?.showClass(look.class);
    this.scale.show(this.boundary.look, scene.classNames.length);
    if (points !== look.points) this.boundary.draw(scene, this.on.theme(), this.styles, this.frame);
    else this.boundary.recolour();
    this.comparison?.recolour();
  }

  /** Have numbers and panels show the new picture, each when its turn comes. */
  want() {
    const { look, run, views } = this.state;
    this.pacer.want("numbers", () => this.on.numbers());
    this.panels?.want(this.pacer, {
      frame: this.frame,
      epoch: this.frame.epoch,
      history: this.run.history,
      recipe: wholeRecipe(run),
      beside: this.comparison?.histories(this.run.histories) ?? [],
      own: this.comparison?.ownStyle ?? null,
      ghosts: this.run.ghosts.beside(run.recipe, ...this.state.beside.map(({ recipe }) => recipe)),
      view: { isSurface: isSurface(look), isAtThreshold: isAtThreshold(look, views), threshold: look.threshold },
      axes: { loss: look.log_loss, epochs: look.log_epochs },
    });
  }

  /** Nothing moves: bring everything up to date. */
  catchUp() {
    this.want();
    this.pacer.all();
    this.on.rest();
    this.store.dispatch({ type: "rest", size: this.boundary.pixels });
  }

  count() {
    this.frames += 1;
    this.root.dataset.epoch = String(this.frame.epoch);
    this.root.dataset.frames = String(this.frames);
    if (this.frames === 1) this.on.first();
  }

  resize() {
    this.boundary.resize();
    this.panels?.resize();
    if (this.frame && this.state.look.rings) this.boundary.paint(this.frame); // rings keep their size
    this.schedule({ panels: true }); // at rest, the field as fine as it is now large
  }
}

/**
 * The look as the plane is painted: an output unit is its class.
 * @param {Look} look @param {Net?} net @returns {Look}
 */
function paintedLook(look, net) {
  const { unit } = look;
  if (!net || !unit || unit[0] < net.sizes.length - 1) return look;
  return { ...look, unit: null, view: "class", class: classOf(unit[1], net) };
}
