/** A stage without a browser: its state, its run, and a transport to a session. */

import { Run } from "../../nnviz/stage/run/run.js";
import { firstState, next } from "../../nnviz/stage/stage-state.js";
import { Store } from "../../nnviz/stage/store.js";
import { Line } from "./session.mjs";

export const RECIPE = { data: "circles", hidden: [3], seed: 0, learning_rate: 0.5, l2: 0 };
export const LIVE = ["learning_rate", "l2"];
export const LOOK = {
  view: "blend", class: 0, threshold: 0.5, rings: false, points: "both", unit: null, probe: null, tab: "curves",
  pace: 5, log_loss: false, log_epochs: false, stop_epoch: null, stop_loss: null, stop_patience: null, beside: [],
};
const VIEWS = { blend: { twoClasses: false }, threshold: { twoClasses: true } };

export class Harness {
  constructor({ trains } = {}) {
    this.now = 0; // ms
    this.store = new Store(next, firstState(VIEWS, LOOK));
    this.run = new Run(this.store, (on) => (this.line = new Line(on, trains)), () => this.now);
    this.number = 0; // of the page
  }

  get state() {
    return this.store.state;
  }

  do(type, more = {}) {
    this.store.dispatch({ type, ...more });
  }

  /** A message of the page. */
  page(more) {
    this.number += 1;
    const opened = { number: 0, recipe: RECIPE, epoch: null, look: {} };
    this.do("page", { data: { page: "p", number: this.number, heard: 0, recipe: RECIPE, changed: {}, opened, liveFields: LIVE, follow: false, sample: null, ...more } });
  }

  opens(recipe, epoch = null, look = {}) {
    this.page({ recipe, opened: { number: this.number + 1, recipe, epoch, look } });
  }

  changes(fields) {
    const recipe = { ...RECIPE, ...fields };
    this.page({ recipe, changed: Object.fromEntries(Object.keys(fields).map((field) => [field, this.number + 1])) });
  }

  /** The display is ready for another picture. */
  paint() {
    this.run.show();
  }

  /** Let everything come to rest, within so many turns of the server. */
  settle(most = 5000) {
    this.line.open();
    for (let turn = 0; turn < most; turn++) {
      this.paint();
      if (!this.line.isBusy && !this.run.hasPicture) return;
      this.line.turn();
    }
    throw new Error(`no rest after ${most} turns`);
  }

  /** So many turns of the server, each painted. */
  turns(turns) {
    for (let turn = 0; turn < turns; turn++) {
      this.line.turn();
      this.paint();
    }
  }

  /** Play until an epoch is shown, then pause. */
  playTo(epoch) {
    this.run.play(true);
    while (this.state.run.playing && this.state.run.epoch < epoch) {
      this.paint();
      this.line.turn();
    }
    this.run.play(false);
    this.settle();
  }

  get shown() {
    return this.state.frame.planes.weights;
  }
}
