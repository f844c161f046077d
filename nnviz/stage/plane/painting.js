/** Paints the plane and hands the panels their turns, one picture a frame of the display. */

import { isAtThreshold, isSurface, paintedView } from "../look.js";
import { Pacer } from "./pacer.js";
import { condition, wholeRecipe } from "../run/run-state.js";
import { Sketch } from "./sketch.js";

/** Frames between two drawings of what need not change with every one. */
const PERIODS = { numbers: 6, probe: 8, history: 24, network: 2, space: 2, surface: 6 };

export class Painting {
  pacer = new Pacer(PERIODS);
  due = {}; // what the next paint has to show
  frame = null; // on the screen
  frames = 0;
  chart = null; // Plotly's, once that has loaded
  panels = null;
  isScrubbing = false;

  /**
   * @param {Element} root the stage
   * @param {import("../store.js").Store} store
   * @param {import("../run/run.js").Run} run its history and the earlier runs
   * @param {object} on
   * @param {() => object} on.theme
   * @param {() => void} on.prepared the panels know the data and the network
   * @param {() => void} on.first the first picture is on the screen
   * @param {() => void} on.numbers the numbers are to be written
   * @param {() => void} on.probe the probabilities are
   * @param {() => void} on.rest everything is up to date
   * @param {object[]} styles one a class
   * @param {AbortSignal} signal
   */
  constructor(root, store, run, on, styles, signal) {
    this.root = root;
    this.store = store;
    this.run = run;
    this.on = on;
    this.styles = styles;
    this.boundary = new Sketch(root.querySelector(".nnviz-boundary"));
    signal.addEventListener("abort", store.subscribe((state, before) => this.follow(state, before)));
    signal.addEventListener("abort", () => cancelAnimationFrame(this.scheduled));
  }

  /** Plotly takes over from the sketch, and the panels are there. */
  takeOver(chart, panels) {
    this.chart = chart;
    this.panels = panels;
    this.schedule({ scene: true });
  }

  get state() {
    return this.store.state;
  }

  /** What has changed is to be painted. */
  follow({ scene, net, look, answer, frame, run }, before) {
    if (scene !== before.scene) this.schedule({ scene: true });
    else if (net !== before.net) this.renew(net);
    if (look !== before.look) this.schedule({ view: true });
    if (look.probe !== before.look.probe) this.schedule({ pin: true, probe: true });
    if (answer !== before.answer) this.schedule({ probe: true });
    if (condition(run) !== condition(before.run)) this.schedule({ panels: true }); // they catch up where it rests
    if (frame === before.frame) return;
    if (run.playing || run.steps) this.schedule({});
    else this.paint(); // somebody waits for just this one
  }

  /** Another network, the same points. */
  renew(net) {
    if (this.panels?.scene) {
      this.panels.renew(net);
      this.on.prepared();
    }
    if (this.frame) this.schedule({ view: true });
  }

  schedule(due) {
    Object.assign(this.due, due);
    this.scheduled ??= requestAnimationFrame(() => {
      this.scheduled = undefined;
      this.paint();
    });
  }

  /** One frame on the screen. The next is asked for first, and trained while this is drawn. */
  paint() {
    const { frame } = this.state;
    if (!frame) return; // the server has not answered yet
    const due = { ...this.due, frame: frame !== this.frame };
    this.due = {};
    this.frame = frame;
    if (due.frame) this.run.painted();
    if (due.probe) this.pacer.want("probe", () => this.on.probe());
    if (due.scene) this.drawScene();
    else this.drawChanges(due);
    if (due.frame) this.count();
  }

  /** Another data set or theme: the picture at once, the panels with the next frame. */
  drawScene() {
    const { scene, look, net } = this.state;
    const before = this.boundary;
    this.boundary = this.chart ?? before;
    this.boundary.pinned = look.probe ?? undefined;
    this.boundary.view = paintedView(look, net);
    this.boundary.draw(scene, this.on.theme(), this.styles, this.frame);
    if (this.boundary !== before) before.remove(); // the sketch
    this.panels?.prepare(scene, net, this.on.theme(), this.styles, look.class);
    this.on.prepared();
    this.want();
    this.schedule({ probe: true });
  }

  drawChanges({ frame, pin, view }) {
    if (view) this.recolour();
    if (frame || view) {
      this.boundary.paint(this.frame);
      this.want();
    }
    if (pin) this.boundary.setPin(this.state.look.probe ?? undefined);
    if (condition(this.state.run) === "running" || this.isScrubbing) this.pacer.frame();
    else if (frame || view) this.schedule({ panels: true }); // the picture first, the panels right after it
    else this.catchUp();
  }

  recolour() {
    const { scene, look, net } = this.state;
    const { parts } = this.boundary.view;
    this.boundary.view = paintedView(look, net);
    this.panels?.showClass(look.class);
    if (parts !== look.points) this.boundary.draw(scene, this.on.theme(), this.styles, this.frame);
    else this.boundary.recolour();
  }

  /** What the new picture has for numbers and panels, each when its turn comes. */
  want() {
    const { look, run, views } = this.state;
    this.pacer.want("numbers", () => this.on.numbers());
    this.panels?.want(this.pacer, {
      frame: this.frame,
      epoch: this.frame.epoch,
      history: this.run.history,
      recipe: wholeRecipe(run),
      ghosts: this.run.ghosts.beside(run.recipe),
      view: { isSurface: isSurface(look), isAtThreshold: isAtThreshold(look, views), threshold: look.threshold },
      axes: { loss: look.log_loss, epochs: look.log_epochs },
    });
  }

  /** Nothing moves: everything is brought up to date. */
  catchUp() {
    this.want();
    this.pacer.all();
    this.on.rest();
  }

  count() {
    this.frames += 1;
    Object.assign(this.root.dataset, { epoch: this.frame.epoch, frames: this.frames });
    if (this.frames === 1) this.on.first();
  }

  resize() {
    this.boundary.resize();
    this.panels?.resize();
    if (this.frame && this.state.look.rings) this.boundary.paint(this.frame); // rings keep their size
  }
}
