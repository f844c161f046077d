/** The stage: ties a run to its charts, its buttons and keys, and the page around it. */

import { Announcer } from "./announcer.js";
import { dismissConnectionError } from "./host.js";
import { bindButtons, bindProbe, bindSizes, bindTabs } from "./input.js";
import { bindKeys } from "./keys.js";
import { probabilities } from "./format.js";
import { loadPlotly } from "./loader.js";
import { Looking } from "./looking.js";
import { Opened } from "./opened.js";
import { Pacer } from "./pacer.js";
import { sampleAt, sameScene } from "./plane.js";
import { Readout } from "./readout.js";
import { Reports } from "./reports.js";
import { RuleFields } from "./rules.js";
import { Run } from "./run.js";
import { Sketch } from "./sketch.js";
import { Door } from "./take-door.js";
import { themeName, themeOf, watchTheme } from "./theme.js";
import { Timeline } from "./timeline.js";

/** Frames between two drawings of what need not change with every one. */
const PERIODS = { numbers: 6, probe: 8, history: 24, network: 2, space: 2, surface: 6 };

const DRAWN = ["boundary", "surface", "probabilities", "history", "network", "warp"].map((name) => `.nnviz-${name}`).join();
const SCRUBBED = 150; // ms without another epoch before the panels catch up
const REACH = 12; // pixels from a click to the training point it picks

export class Stage {
  constructor(root, data) {
    Object.assign(this, { root, base: data.base, styles: data.classStyles, labels: data.labels, signs: data.signColours });
    this.controller = new AbortController();
    const { signal } = this.controller;
    this.axes = { loss: false, epochs: false }; // of the history that are logarithmic
    this.frames = 0;
    this.opened = new Opened(this);
    this.due = {}; // what the next paint has to show
    this.looking = new Looking(root, data.views);
    this.pacer = new Pacer(PERIODS);
    this.readout = new Readout(root);
    this.announcer = new Announcer(this.part("[role=status]"), signal);
    this.run = this.newRun();
    this.reports = new Reports(this.run);
    this.boundary = new Sketch(this.part(".nnviz-boundary"));
    this.timeline = new Timeline(this.part(".nnviz-time"), {
      go: (epoch) => this.scrub(epoch),
      remove: (edit) => {
        this.run.removeEdit(edit);
        this.reports.settings();
      },
    }, this.labels, signal);
    this.door = new Door(this.source(signal));
    const actions = this.actions();
    bindButtons(root, actions, signal);
    bindTabs(this.part("[role=tablist]"), (name) => this.turnTo(name), signal);
    bindKeys(root, actions, signal);
    bindProbe(this.boundary.element, () => this.boundary, (point, pins) => this.look(point, pins), signal);
    watchTheme(root, () => this.scene && this.schedule({ scene: this.scene }), signal);
    bindSizes(root.querySelectorAll(DRAWN), () => this.resize(), signal);
    dismissConnectionError(signal);
    this.rules = new RuleFields(this.part(".nnviz-rules"), data.lastEpoch, (rules) => {
      this.run.rules = rules;
    }, signal);
  }

  /** What the export dialog needs. @returns {import("./take-dialog.js").Source} */
  source(signal) {
    return {
      base: this.base,
      root: this.root,
      signal,
      choices: () => this.reports.data.takeaway,
      moment: () => {
        const { mode: view, klass, threshold, rings, parts: points, unit } = this.looking.view;
        const look = { view, class: klass, threshold, rings, points, unit, probe: this.pinned ?? null };
        return { recipe: this.run.recipe, epoch: this.run.epoch, last: this.run.history.last, look };
      },
      pause: () => {
        const { playing } = this.run;
        if (playing) this.run.play(false);
        return playing;
      },
      take: (request) => this.run.take(request),
      charts: () => {
        const eye = this.part(".nnviz-surface").layout?.scene?.camera?.eye;
        const { loss: log_loss, epochs: log_epochs } = this.axes;
        return { log_loss, log_epochs, ...(eye ? { eye: [eye.x, eye.y, eye.z] } : {}) };
      },
      theme: () => themeName(this.theme),
      plotly: () => loadPlotly(this.base),
      say: (words, kind) => this.say(words, kind),
      open: (text) => this.reports.setTriggerValue("experiment", text),
    };
  }

  newRun() {
    const url = new URL(`${this.base}/live`, location.origin);
    url.protocol = url.protocol.replace("http", "ws");
    return new Run(url.href, {
      scene: (scene, net) => this.setScene(scene, net),
      frame: (frame) => {
        this.schedule({ frame });
        if (!this.run.playing && !this.run.steps) this.paint(); // somebody waits for just this one
      },
      probe: (probe) => this.schedule({ probe }),
      state: () => this.showState(),
      recipe: () => this.reports.recipe(),
      message: (words, kind) => this.say(words, kind),
    });
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  /** Plotly takes over from the sketch; it takes a second or two to load, so it comes second. */
  async build() {
    let plotly, rooms;
    try {
      [plotly, rooms] = await Promise.all([loadPlotly(this.base), import("./panels.js")]);
    } catch {
      this.say("Plotly could not be loaded. Reload the page to try again.");
      return;
    }
    const { signal } = this.controller;
    if (signal.aborted) return; // closed meanwhile
    this.chart = new rooms.BoundaryChart(plotly, this.boundary.element, signal);
    this.panels = new rooms.Panels(this.root, plotly, {
      unit: (place) => this.lookAt(place),
      edit: (at, value, settled) => {
        if (!settled && this.run.playing) this.run.play(false); // else every epoch of a drag had its edit
        this.reports.hold(!settled);
        this.run.setWeight(at, value);
      },
      changed: () => this.see(),
      say: (words) => this.announcer.say(words),
      ghosts: (runs) => this.readout.ghosts(runs),
    }, this.labels, signal);
    this.schedule({ scene: this.scene });
    this.see();
  }

  actions() {
    const { run } = this;
    const scale = (axis) => (isLogarithmic) => {
      this.axes = { ...this.axes, [axis]: isLogarithmic };
      this.schedule({ panels: true });
    };
    return {
      play: () => run.play(!run.playing),
      step: () => run.step(),
      reset: () => run.reset(),
      renew: () => {
        run.renew();
        this.reports.seed();
      },
      pace: (epochs) => {
        run.pace = Number(epochs);
      },
      view: (mode) => this.setView({ mode }),
      klass: (klass) => this.setView({ klass: Number(klass) }),
      threshold: (threshold) => this.setView({ threshold: Number(threshold) }),
      parts: (parts) => this.setView({ parts }),
      rings: (rings) => this.setView({ rings }),
      log_loss: scale("loss"),
      log_epochs: scale("epochs"),
      take: () => this.door.open(),
      forget: () => {
        run.ghosts.clear();
        this.schedule({ panels: true });
      },
    };
  }

  resize() {
    this.boundary.resize();
    this.panels?.resize();
    if (this.frame && this.looking.view.rings) this.boundary.paint(this.frame); // rings keep their size
  }

  // --- from the page -----------------------------------------------------------------

  update({ data, setStateValue, setTriggerValue }) {
    const opens = data.follow && !this.reports.follows;
    this.reports.update(data, setStateValue, setTriggerValue);
    if (opens) document.querySelector(".st-key-panel")?.scrollIntoView({ block: "center" }); // it lies below
    if (this.frame && !this.run.playing) this.reports.moment(this.frame.epoch); // a panel was opened
    if (Number.isInteger(data.sample) && data.sample !== this.reports.sample) this.pick(data.sample);
    if (this.opened.take(data.opened)) {
      this.reports.forget(); // what the page is asked to open is newer than all it was told
      this.run.want(data.recipe, data.liveFields, data.opened.epoch);
      this.opened.show(); // at once where the run is that one already
    } else if (!this.reports.awaits(data.recipe)) this.run.want(data.recipe, data.liveFields);
  }

  close() {
    this.controller.abort();
    cancelAnimationFrame(this.scheduled);
    clearTimeout(this.scrubTimer);
    this.run.close();
    this.reports.close();
  }

  // --- what is looked at -------------------------------------------------------------

  /** Show a panel beside the plot; the others do nothing while they are hidden. */
  turnTo(name) {
    for (const panel of this.root.querySelectorAll(".nnviz-side [role=tabpanel]")) panel.hidden = panel.id !== `nnviz-${name}`;
    this.root.dataset.tab = name;
    this.panels?.turnTo(name);
    this.see();
    this.schedule({ probe: this.probe });
  }

  setView(changes) {
    this.looking.set(changes);
    if (this.frame) this.schedule({ view: true });
    this.see();
  }

  /** A unit of the diagram in the place of the field, or the field again. */
  lookAt(unit) {
    if (JSON.stringify(unit) !== JSON.stringify(this.looking.view.unit)) this.setView({ unit });
  }

  /** Ask for what is to be seen now. */
  see() {
    if (this.scene) this.run.see({ ...this.looking.seen, ...this.panels?.seen });
  }

  /** The point whose probabilities are shown: hovered, else pinned, else the centre. */
  look(point, pins) {
    if (!this.scene) return; // the server has not answered yet
    if (pins) {
      const sample = point && this.reports.follows ? this.boundary.nearest(point, REACH) : -1;
      if (this.reports.follows && sample < 0 && point && this.boundary.nearest(point, REACH, "test") >= 0) {
        this.say("That is a test point; the maths is of training points, the network learns from no other.", "note");
      }
      if (sample >= 0) {
        this.say("");
        point = sampleAt(this.scene, sample);
        this.reports.moment(this.frame.epoch, sample);
      }
      this.pinned = point ?? undefined;
      this.schedule({ pin: true });
    }
    const centre = this.scene.extent.map(([low, high]) => (low + high) / 2);
    this.run.look(point ?? this.pinned ?? centre);
  }

  /** Pin the training point that the page has chosen. */
  pick(sample) {
    if (!this.scene || sample >= this.scene.train.labels.length) return;
    this.reports.sample = sample;
    this.pin(sampleAt(this.scene, sample));
  }

  /** @param {number[]?} point of the plane, or null for none */
  pin(point) {
    this.pinned = point ?? undefined;
    this.schedule({ pin: true });
    this.look(null, false);
  }

  scrub(epoch) {
    clearTimeout(this.scrubTimer);
    this.scrubbing = true;
    this.scrubTimer = setTimeout(() => {
      this.scrubbing = false;
      this.schedule({ panels: true });
    }, SCRUBBED);
    this.run.go(epoch);
  }

  // --- from the run ------------------------------------------------------------------

  setScene(scene, net) {
    this.net = net;
    this.looking.renew(scene.classNames, net);
    if (!this.scene || !sameScene(this.scene, scene)) this.setPoints(scene);
    else this.panels?.renew(net); // another network, the same points
    this.opened.show();
    if (this.frame) this.schedule({ view: true });
    this.see();
  }

  setPoints(scene) {
    const moved = JSON.stringify(this.scene?.extent) !== JSON.stringify(scene.extent);
    this.scene = scene;
    if (moved) this.pinned = undefined;
    this.due.scene = scene;
    if (moved && this.reports.follows) this.pick(this.reports.sample ?? 0);
    else this.look(null, false);
  }

  get theme() {
    return { ...themeOf(this.root), signs: this.signs };
  }

  preparePanels() {
    this.panels?.prepare(this.scene, this.net, this.theme, this.styles, this.looking.view.klass);
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
    if (!(this.frame ?? this.due.frame)) return; // the server has not answered yet
    const { scene, frame, probe, pin, view } = this.due;
    this.due = {};
    if (frame) {
      this.frame = frame;
      this.run.painted();
    }
    if (probe) {
      this.probe = probe;
      this.pacer.want("probe", () => this.showProbe());
    }
    if (scene) this.drawScene();
    else this.drawChanges(frame, pin, view);
    if (frame) this.countFrame();
  }

  /** Another data set or theme: the picture at once, the panels with the next frame. */
  drawScene() {
    const before = this.boundary;
    this.boundary = this.chart ?? before;
    this.boundary.pinned = this.pinned;
    this.boundary.view = this.looking.painted;
    this.boundary.draw(this.scene, this.theme, this.styles, this.frame);
    if (this.boundary !== before) before.remove(); // the sketch
    this.preparePanels();
    this.newFrame();
    this.schedule({ probe: this.probe });
  }

  drawChanges(frame, pin, view) {
    if (view) {
      const { parts } = this.boundary.view;
      this.boundary.view = this.looking.painted;
      this.panels?.surface.prepare(this.scene, this.theme, this.styles, this.looking.view.klass);
      if (parts !== this.looking.view.parts) this.boundary.draw(this.scene, this.theme, this.styles, this.frame);
      else this.boundary.recolour();
    }
    if (frame || view) {
      this.boundary.paint(this.frame);
      this.newFrame();
    }
    if (pin) this.boundary.setPin(this.pinned);
    if (this.run.playing || this.scrubbing) this.pacer.frame();
    else if (frame || view) this.schedule({ panels: true }); // the picture first, the panels right after it
    else this.catchUp();
  }

  newFrame() {
    this.pacer.want("numbers", () => {
      this.showNumbers();
      this.showTime();
    });
    const { run, looking, frame, axes } = this;
    this.panels?.want(this.pacer, {
      frame, axes, epoch: frame.epoch, history: run.history, recipe: run.recipe, ghosts: run.ghosts.beside(run.recipe),
      view: { isSurface: looking.isSurface, isAtThreshold: looking.isAtThreshold, threshold: looking.view.threshold },
    });
  }

  /** Nothing moves: everything is brought up to date. */
  catchUp() {
    this.newFrame();
    this.pacer.all();
    this.opened.settle();
    this.reports.moment(this.frame.epoch);
  }

  // --- words and numbers ---------------------------------------------------------------

  countFrame() {
    if (!this.frames) this.build(); // the picture first, then Plotly
    this.frames += 1;
    this.root.dataset.epoch = this.frame.epoch;
    this.root.dataset.frames = this.frames;
  }

  showNumbers() {
    this.readout.numbers(this.frame, this.readout.confusions(this.frame, this.scene, this.looking.isAtThreshold));
    this.readout.unit(this.looking.view.unit ? this.frame : null, this.net);
    if (!this.run.playing) this.announceRest();
  }

  showTime() {
    const { history, recipe, target } = this.run;
    this.timeline.show(this.frame.epoch, history.last, recipe.edits ?? [], target, this.net);
  }

  showProbe() {
    if (this.probe.probabilities.length !== this.scene.classNames.length) return; // of the data before
    this.readout.heading(this.probe, this.scene, this.run.recipe.output, this.showsPin);
    this.panels?.showProbabilities(this.probe.probabilities);
    if (this.showsPin && document.activeElement === this.boundary.element) {
      this.announcer.say(probabilities(this.scene.classNames, this.probe.probabilities));
    }
  }

  /** Whether the point shown is the pinned one, not one under the cursor. */
  get showsPin() {
    return Boolean(this.pinned?.every((value, i) => value === this.probe.at[i]));
  }

  showState() {
    const { state, playing } = this.run;
    this.readout.state(this.run);
    if (state === "running" || state === "offline") {
      this.rest = undefined;
      this.announcer.say(state);
    }
    if (!playing) this.schedule({ panels: true }); // the panels catch up
  }

  /** Where a run has come to stand, once its last frame is on the screen. */
  announceRest() {
    const words = [`${this.run.state} at epoch ${this.frame.epoch}.`, this.run.diverged].join(" ");
    if (words !== this.rest && !this.scrubbing) this.announcer.say(words);
    this.rest = words;
  }

  say(words, kind = "problem") {
    this.part(".nnviz-message").dataset.kind = kind;
    this.readout.write("message", words);
    if (words) this.announcer.say(words);
  }
}
