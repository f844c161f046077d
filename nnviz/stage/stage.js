/** The stage: one state, the run that carries it out, and the parts that show it. */

import { Announcer } from "./text/announcer.js";
import { Door } from "./export/button.js";
import { exportSource } from "./export/source.js";
import { probabilities } from "./text/format.js";
import { dismissConnectionError } from "./host/connection-dialog.js";
import { bindButtons, bindProbe, bindSizes, bindTabs } from "./controls/input.js";
import { bindKeys } from "./controls/keys.js";
import { loadPlotly } from "./charts/plotly-loader.js";
import { isAtThreshold, rulesOf } from "./look.js";
import { Painting } from "./plane/painting.js";
import { Readout } from "./text/readout.js";
import { Reports } from "./host/reports.js";
import { RuleFields } from "./time/stop-rules.js";
import { condition, editsOf, isEnded, messageOf } from "./run/run-state.js";
import { Run } from "./run/run.js";
import { LiveSocket } from "./transport/socket.js";
import { firstState, next, pointOf } from "./stage-state.js";
import { Store } from "./store.js";
import { themeOf, watchTheme } from "./host/theme.js";
import { Timeline } from "./time/timeline.js";
import { ViewControls } from "./controls/view-controls.js";

const DRAWN = ["boundary", "surface", "probabilities", "history", "network", "warp"].map((name) => `.nnviz-${name}`).join();
const SCRUBBED = 150; // ms without another epoch before the panels catch up
const REACH = 12; // pixels from a click to the training point it picks
const TEST_POINT = "That is a test point; the maths is of training points, the network learns from no other.";

export class Stage {
  controller = new AbortController();
  panels = null; // until Plotly has loaded
  kept = null; // a unit of a link, to be found in the diagram
  scrubTimer;

  /** @param {Element} root @param {object} data what the page hands over, see `ui/stage.py` */
  constructor(root, data) {
    const { signal } = this.controller;
    this.root = root;
    this.data = data;
    this.base = data.base;
    this.store = new Store(next, firstState(data.views, data.look));
    this.run = new Run(this.store, (on) => new LiveSocket(liveUrl(data.base), on));
    this.reports = new Reports(this.store, signal);
    this.readout = new Readout(root);
    this.announcer = new Announcer(this.part("[role=status]"), signal);
    this.controls = new ViewControls(root, data.views);
    this.painting = new Painting(root, this.store, this.run, this.occasions(), data.classStyles, signal);
    this.timeline = new Timeline(this.part(".nnviz-time"), {
      go: (epoch) => this.scrub(epoch),
      remove: (edit) => this.do("remove", { edit }),
    }, data.labels, signal);
    this.rules = new RuleFields(this.part(".nnviz-rules"), data.lastEpoch, ({ epoch = null, loss = null, patience = null }) => {
      this.look({ stop_epoch: epoch, stop_loss: loss, stop_patience: patience });
    }, signal);
    this.door = new Door(exportSource({
      store: this.store, run: this.run, root, base: data.base, signal, choices: () => this.data.exports,
      theme: () => this.theme, say: (words, kind) => this.say(words, kind),
    }));
    this.bind(signal);
    this.follow(signal);
    this.controls.show(this.state.look);
  }

  get state() {
    return this.store.state;
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  do(type, more = {}) {
    this.store.dispatch({ type, ...more });
  }

  // --- what people do -----------------------------------------------------------------

  bind(signal) {
    const actions = this.actions();
    const boundary = this.part(".nnviz-boundary");
    bindButtons(this.root, actions, signal);
    bindKeys(this.root, actions, signal);
    bindProbe(boundary, () => this.painting.boundary, (point, pins) => (pins ? this.pin(point) : this.hover(point)), signal);
    bindSizes(this.root.querySelectorAll(DRAWN), () => this.painting.resize(), signal);
    watchTheme(this.root, () => this.state.scene && this.painting.schedule({ scene: true }), signal);
    this.markTab = bindTabs(this.part("[role=tablist]"), (tab) => this.look({ tab }), signal);
    dismissConnectionError(signal);
    signal.addEventListener("abort", () => clearTimeout(this.scrubTimer));
  }

  actions() {
    const look = (name, read = (value) => value) => (value) => this.look({ [name]: read(value) });
    return {
      play: () => this.run.play(!this.state.run.playing),
      step: () => this.do("step"),
      reset: () => this.do("reset"),
      renew: () => this.do("renew"),
      pace: look("pace", Number),
      view: look("view"),
      class: look("class", Number),
      threshold: look("threshold", Number),
      points: look("points"),
      rings: look("rings"),
      log_loss: look("log_loss"),
      log_epochs: look("log_epochs"),
      take: () => this.door.open(),
      forget: () => {
        this.run.ghosts.clear();
        this.painting.schedule({ panels: true });
      },
    };
  }

  /** @param {Partial<import("./look.js").Look>} changes */
  look(changes) {
    this.do("look", { changes });
  }

  hover(point) {
    if (this.state.scene) this.do("hover", { point });
  }

  /** A click, or a key: the point is pinned, and a training point picked where the page follows. */
  pin(point) {
    const { scene, page } = this.state;
    if (!scene) return; // the server has not answered yet
    const { boundary } = this.painting;
    const sample = point && page.follows ? boundary.nearest(point, REACH) : -1;
    if (sample >= 0) {
      this.say("");
      return this.do("pick", { sample });
    }
    if (point && page.follows && boundary.nearest(point, REACH, "test") >= 0) this.say(TEST_POINT, "note");
    this.do("pin", { point });
  }

  scrub(epoch) {
    clearTimeout(this.scrubTimer);
    this.painting.isScrubbing = true;
    this.scrubTimer = setTimeout(() => {
      this.painting.isScrubbing = false;
      this.painting.schedule({ panels: true });
    }, SCRUBBED);
    this.do("go", { epoch });
  }

  say(words, kind = "problem") {
    this.do("say", { words, kind });
  }

  // --- from the page -----------------------------------------------------------------

  update({ data, setStateValue }) {
    const opens = data.follow && !this.state.page.follows;
    this.data = data;
    this.reports.update(setStateValue);
    this.do("page", { data });
    if (opens) document.querySelector(".st-key-panel")?.scrollIntoView({ block: "center" }); // it lies below
  }

  close() {
    this.controller.abort();
    this.run.close();
  }

  // --- what has changed ----------------------------------------------------------------

  /** What shows a part of the state hears of it; the picture and the panels are `plane/painting.js`. */
  follow(signal) {
    const { store } = this;
    const watches = [
      store.watch(({ net }) => net, ({ classNames }) => this.controls.offer(classNames)),
      store.subscribe(({ look, net }, before) => (look !== before.look || net !== before.net) && this.controls.show(look)),
      store.watch(({ look }) => look, (look) => !isSame(rulesOf(look), this.rules.rules) && this.rules.show(rulesOf(look))),
      store.watch(({ look }) => look.tab, (tab) => this.turnTo(tab)),
      store.watch(({ run }) => run, (run, before) => this.showRun(run, before)),
      store.subscribe((state, before) => before.asked && !state.asked && this.keep(state.look.unit)),
    ];
    signal.addEventListener("abort", () => watches.forEach((letGo) => letGo()));
  }

  /** Show a panel beside the plot; the others do nothing while they are hidden. */
  turnTo(tab) {
    for (const panel of this.root.querySelectorAll(".nnviz-side [role=tabpanel]")) panel.hidden = panel.id !== `nnviz-${tab}`;
    this.root.dataset.tab = tab;
    this.markTab(tab);
    this.panels?.turnTo(tab);
    this.nameUnits();
    this.painting.schedule({ probe: true });
  }

  showRun(run, before) {
    const message = messageOf(run);
    if (message.words !== messageOf(before).words || run.message !== before.message) this.tell(message);
    if (condition(run) === condition(before) && isEnded(run) === isEnded(before)) return;
    this.readout.state({ state: condition(run), playing: run.playing, ended: isEnded(run) });
    if (condition(run) === "running" || condition(run) === "offline") {
      this.rest = undefined;
      this.announcer.say(condition(run));
    }
  }

  /** Which units the panels show: pictures have to hold them. */
  nameUnits() {
    if (this.panels?.net) this.do("units", { units: { sizes: this.panels.net.sizes, ...this.panels.seen } });
  }

  // --- Plotly ----------------------------------------------------------------------------

  /** Plotly takes over from the sketch; it takes a second or two to load, so it comes second. */
  async build() {
    const { signal } = this.controller;
    let plotly, rooms;
    try {
      [plotly, rooms] = await Promise.all([loadPlotly(this.base), import("./panels.js")]);
    } catch {
      this.say("Plotly could not be loaded. Reload the page to try again.");
      return;
    }
    if (signal.aborted) return; // closed meanwhile
    this.panels = new rooms.Panels(this.root, plotly, {
      unit: (unit) => {
        if (JSON.stringify(unit) !== JSON.stringify(this.state.look.unit)) this.look({ unit });
      },
      edit: (at, value, settled) => this.do("weight", { at, value, settled }),
      changed: () => this.nameUnits(),
      say: (words) => this.announcer.say(words),
      ghosts: (runs) => this.readout.ghosts(runs),
    }, this.data.labels, signal);
    this.painting.takeOver(new rooms.BoundaryChart(plotly, this.part(".nnviz-boundary"), signal), this.panels);
  }

  // --- words and numbers -----------------------------------------------------------------

  get theme() {
    return { ...themeOf(this.root), signs: this.data.signColours };
  }

  /** When what is to be written. */
  occasions() {
    return {
      theme: () => this.theme,
      prepared: () => this.nameUnits(),
      first: () => this.build(),
      numbers: () => {
        this.showNumbers();
        this.showTime();
      },
      probe: () => this.showProbe(),
      rest: () => this.showKept(),
    };
  }

  showNumbers() {
    const { frame } = this.painting;
    const { scene, look, net, run, views } = this.state;
    this.readout.numbers(frame, this.readout.confusions(frame, scene, isAtThreshold(look, views)));
    this.readout.unit(look.unit ? frame : null, net);
    if (!run.playing) this.announceRest();
  }

  showTime() {
    const { run, net } = this.state;
    this.timeline.show(this.painting.frame.epoch, Math.max(0, run.known - 1), editsOf(run), run.target, net);
  }

  showProbe() {
    const { answer, scene, net, look } = this.state;
    if (!answer || answer.probabilities.length !== scene.classNames.length) return; // of the data before
    const isPinned = Boolean(look.probe?.every((value, i) => value === answer.at[i]));
    this.readout.heading(answer, scene, net.output, isPinned);
    this.panels?.showProbabilities(answer.probabilities);
    if (isPinned && document.activeElement === this.painting.boundary.element) {
      this.announcer.say(probabilities(scene.classNames, answer.probabilities));
    }
  }

  /** A link names a unit in the place of the field: the diagram is to show it as clicked there. */
  keep(unit) {
    this.kept = unit;
  }

  showKept() {
    if (!this.kept || !this.panels?.scene) return;
    const unit = this.kept;
    this.kept = null;
    this.panels.keepUnit(unit);
  }

  /** Where a run has come to stand, once its last frame is on the screen. */
  announceRest() {
    const { run } = this.state;
    const words = [`${condition(run)} at epoch ${this.painting.frame.epoch}.`, run.diverged].join(" ");
    if (words !== this.rest && !this.painting.isScrubbing) this.announcer.say(words);
    this.rest = words;
  }

  tell({ words, kind }) {
    this.part(".nnviz-message").dataset.kind = kind;
    this.readout.write("message", words);
    if (words) this.announcer.say(words);
  }
}

const isSame = (rules, others) => ["epoch", "loss", "patience"].every((name) => rules[name] === others[name]);

function liveUrl(base) {
  const url = new URL(`${base}/live`, location.origin);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}
