/** The stage: one state, the run that carries it out, and the parts that show it. */

import { ExportButton } from "./export/button.js";
import { exportSource } from "./export/source.js";
import { serverStudio } from "./transport/studio.js";
import { dismissConnectionError } from "./host/connection-dialog.js";
import { all, one } from "./controls/elements.js";
import { bindButtons, bindProbe, bindSizes, bindTabs } from "./controls/input.js";
import { bindKeys } from "./controls/keys.js";
import { Pen } from "./pen/input.js";
import { PenBar } from "./pen/bar.js";
import { toolOf } from "./pen/state.js";
import { loadPlotly } from "./charts/plotly-loader.js";
import { rulesOf } from "./look.js";
import { Painting } from "./plane/painting.js";
import { panelsShown, roomOf } from "./room.js";
import { Comparison } from "./compare/comparison.js";
import { Texts } from "./text/texts.js";
import { scrollToPanel } from "./host/page-panel.js";
import { Projector, zoomOf } from "./host/projector.js";
import { Reports } from "./host/reports.js";
import { RuleFields } from "./time/stop-rules.js";
import { editsOf } from "./run/run-state.js";
import { Run } from "./run/run.js";
import { firstState, next } from "./stage-state.js";
import { Store } from "./store.js";
import { themeOf, watchTheme } from "./host/theme.js";
import { Timeline } from "./time/timeline.js";
import { ViewControls } from "./controls/view-controls.js";

/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./stage-state.js").StageEvent} StageEvent */
/** @typedef {import("./controls/input.js").Point} Point */

/**
 * @typedef {object} Paths
 * @property {string} base of the server
 * @property {string} files of the stage's files
 */

/**
 * @typedef {object} StageTables what does not change, see `nnviz/stage/tables.py`
 * @property {import("./look.js").Views} views
 * @property {Look} look to begin with
 * @property {import("./run/phrases.js").Phrases} phrases of the recipe's settings
 * @property {string[]} straight activations without a bend
 * @property {number} lastEpoch where every run ends
 * @property {{colour: string, symbol: string}[]} classStyles
 * @property {{negative: string, positive: string}} signColours
 * @property {{[theme: string]: string}} accents
 * @property {import("./export/form-fields.js").Choices} exports
 */

/** @typedef {import("./host/page-messages.js").PageMessage} PageMessage */
/** @typedef {Partial<PageMessage> & Paths & StageTables} StageData with the page's message, once there is one, see `nnviz/ui/stage.py` */

const DRAWN = ["boundary", "surface", "probabilities", "history", "network", "warp"].map((name) => `.nnviz-${name}`).join();
const SCRUBBED = 150; // ms without another epoch before the panels catch up
const REACH = 6; // pixels from a click to the training point it picks

export class Stage {
  controller = new AbortController();
  /** Called when the page has mounted the stage: it has drawn what it needs first. */
  noteMounted = () => {};
  /** @type {Promise<void>} */
  mounting = new Promise((resolve) => (this.noteMounted = resolve));
  /** @type {import("./panels.js").Panels | null} until Plotly has loaded */
  panels = null;
  /** @type {[number, number] | null} a unit of a link, until the diagram shows it as chosen */
  pendingUnit = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  scrubTimer;
  /** @type {Pen | undefined} with which points are drawn */
  pen;

  /**
   * @param {HTMLElement} root @param {StageData} data @param {import("./run/run.js").Connect} connect
   * @param {import("./transport/studio.js").Studio} [studio] of animations, if not the server
   */
  constructor(root, data, connect, studio) {
    const { signal } = this.controller;
    this.root = root;
    this.data = data;
    /** @type {import("./stage-state.js").StageStore} */
    this.store = new Store(next, firstState(data.views, data.look));
    this.run = new Run(this.store, connect);
    this.reports = new Reports(this.root, this.store, signal);
    this.texts = new Texts(root, this.store, data.straight, signal);
    this.controls = new ViewControls(root, data.views);
    this.projector = new Projector(root, () => this.look({ projector: false }), signal);
    this.painting = new Painting(root, this.store, this.run, this.paintingEvents(), data.classStyles, signal);
    this.comparison = new Comparison(root, this.store, {
      theme: () => this.theme,
      announce: (text) => this.texts.announcer.announce(text),
    }, data.phrases, data.classStyles, signal);
    this.painting.comparison = this.comparison;
    this.timeline = new Timeline(one(root, ".nnviz-time", HTMLElement), {
      go: (epoch) => this.scrub(epoch),
      remove: (edit) => this.dispatch({ type: "remove", edit }),
    }, data.phrases, signal);
    this.rules = new RuleFields(one(root, ".nnviz-rules", HTMLDetailsElement), data.lastEpoch, ({ epoch = null, loss = null, patience = null }) => {
      this.look({ stop_epoch: epoch, stop_loss: loss, stop_patience: patience });
    }, signal);
    this.exportButton = new ExportButton(exportSource({
      store: this.store, run: this.run, root, files: data.files, signal,
      studio: studio ?? serverStudio(data.base, (request) => this.run.export(request)), choices: () => this.data.exports,
      theme: () => this.theme, showMessage: (text, kind) => this.showMessage(text, kind),
    }));
    this.penBar = new PenBar(root, this.store, data.classStyles, signal);
    this.markTab = bindTabs(one(root, "[role=tablist]", HTMLElement), (tab) => this.look({ tab }), signal);
    this.bind(signal);
    this.follow(signal);
    this.controls.show(this.state.look);
    this.fit();
  }

  get state() {
    return this.store.state;
  }

  get theme() {
    return { ...themeOf(this.root, this.state.look.projector), signs: this.data.signColours };
  }

  /** @param {StageEvent} event */
  dispatch(event) {
    this.store.dispatch(event);
  }

  // --- what the user does -----------------------------------------------------------------

  /** @param {AbortSignal} signal */
  bind(signal) {
    const actions = this.actions();
    const boundary = one(this.root, ".nnviz-boundary", HTMLElement);
    bindButtons(this.root, actions, signal);
    bindKeys(this.root, actions, signal);
    bindProbe(boundary, () => this.painting.boundary, (point, isPinned) => (isPinned ? this.pin(point) : this.hover(point)), signal);
    this.pen = new Pen(boundary, this.store, () => this.painting.boundary, () => this.painting.goOn(), (text) => this.texts.announcer.announce(text), signal);
    bindSizes(this.root.querySelectorAll(DRAWN), () => this.painting.resize(), signal);
    bindSizes([this.root], () => this.fit(), signal);
    window.addEventListener("resize", () => this.fit(), { signal });
    this.followTheme();
    dismissConnectionError(signal);
    signal.addEventListener("abort", () => clearTimeout(this.scrubTimer));
  }

  /** By the `data-do` of their controls, which for those of the look is its field. */
  actions() {
    /** @param {keyof Look} field */
    const look = (field) => (/** @type {string | boolean} */ value) => this.look({ [field]: value });
    /** @param {keyof Look} field */
    const number = (field) => (/** @type {string | boolean} */ value) => this.look({ [field]: Number(value) });
    return {
      play: () => this.run.play(!this.state.run.playing),
      step: () => this.dispatch({ type: "step" }),
      reset: () => this.dispatch({ type: "reset" }),
      renew: () => this.dispatch({ type: "renew" }),
      pace: number("pace"),
      view: look("view"),
      class: number("class"),
      threshold: number("threshold"),
      points: look("points"),
      rings: look("rings"),
      log_loss: look("log_loss"),
      log_epochs: look("log_epochs"),
      projector: () => this.look({ projector: !this.state.look.projector }),
      keys: () => {
        const box = one(this.root, ".nnviz-keyboard", HTMLDetailsElement);
        box.open = !box.open;
      },
      export: () => this.exportButton.open(),
      draw: () => this.penBar.toggle(),
      compare: () => {
        this.dispatch({ type: "compare" });
        this.comparison.announce();
      },
      label: (/** @type {string | boolean} */ value) => this.penBar.choose(Number(value) - 1),
      clear: () => this.pen?.clear(),
      again: () => this.startAgain(),
      undo: () => this.dispatch({ type: "undo" }),
      redo: () => this.dispatch({ type: "redo" }),
      forget: () => {
        this.run.ghosts.clear();
        this.painting.schedule({ panels: true });
      },
    };
  }

  /** @param {Partial<Look>} changes */
  look(changes) {
    this.dispatch({ type: "look", changes });
  }

  /** @param {Point | null} point */
  hover(point) {
    if (this.state.scene) this.dispatch({ type: "hover", point });
  }

  /** A click, or a key: the point is pinned, and a training point picked where the page follows. @param {Point | null} point */
  pin(point) {
    const { scene, page } = this.state;
    if (!scene) return; // the server has not answered yet
    const { boundary } = this.painting;
    const sample = point && page.follows ? boundary.nearest(point, REACH) : -1;
    this.dispatch(sample >= 0 ? { type: "pick", sample } : { type: "pin", point });
  }

  /** @param {number} epoch */
  scrub(epoch) {
    clearTimeout(this.scrubTimer);
    this.painting.isScrubbing = true;
    this.scrubTimer = setTimeout(() => {
      this.painting.isScrubbing = false;
      this.painting.schedule({ panels: true });
    }, SCRUBBED);
    this.dispatch({ type: "go", epoch });
  }

  /** Start again with the points as they are now, as the data set. */
  async startAgain() {
    this.dispatch({ type: "lift" });
    try {
      const { header } = await this.run.export({ what: "table" });
      this.dispatch({ type: "again", table: String(header.text) });
    } catch (error) {
      this.showMessage(error instanceof Error ? error.message : String(error));
    }
  }

  /** Show a message. @param {string} text @param {"note" | "problem"} kind */
  showMessage(text, kind = "problem") {
    this.dispatch({ type: "message", text, kind });
  }

  /** The query of a link to what is shown; fails with an Error that says why there is none. */
  async moment() {
    const { header } = await this.run.export({ what: "link", look: this.state.look });
    return header.query;
  }

  // --- from the page -----------------------------------------------------------------

  /** The page has run. @param {{data: PageMessage & StageData, setStateValue: import("./host/reports.js").SetStateValue}} component */
  update({ data, setStateValue }) {
    const isOpened = data.panel !== null && data.panel !== (this.data.panel ?? null);
    this.data = data;
    this.noteMounted();
    this.reports.update(setStateValue);
    this.dispatch({ type: "page", data });
    if (isOpened) scrollToPanel(this.controller.signal);
  }

  /** Follow the theme where the stage stands now. */
  followTheme() {
    const repaint = () => this.state.scene && this.painting.schedule({ scene: true });
    watchTheme(this.root, repaint, this.controller.signal);
    repaint();
  }

  close() {
    this.controller.abort();
    this.run.close();
  }

  // --- what has changed ----------------------------------------------------------------

  /**
   * Each part that shows something of the state is called where that changes; the picture and the
   * panels are in `plane/painting.js`.
   * @param {AbortSignal} signal
   */
  follow(signal) {
    const { store } = this;
    const subscriptions = [
      store.watch(({ net }) => net, (net) => net && this.controls.offer(net.classNames)),
      store.subscribe(({ look, net }, before) => (look !== before.look || net !== before.net) && this.controls.show(look)),
      store.watch(({ look }) => look, (look) => !isSame(rulesOf(look), this.rules.rules) && this.rules.show(rulesOf(look))),
      store.subscribe(({ look, room }, before) => (look.tab !== before.look.tab || room !== before.room) && this.turnTo()),
      store.watch(({ look }) => look.projector, (isShown) => this.project(isShown)),
      store.watch(({ look }) => look.view, () => this.texts.showHint()),
      store.watch(({ look }) => look.pace, () => this.texts.showHint()),
      store.watch(({ scene }) => scene, () => this.texts.showMajority()),
      store.watch(({ pen }) => toolOf(pen), () => this.texts.showHint()),
      store.watch(({ run }) => run, (run, before) => this.texts.showRun(run, before)),
      store.subscribe((state, before) => {
        if (before.pendingLook && !state.pendingLook) this.pendingUnit = state.look.unit; // the diagram is to show it as chosen
      }),
    ];
    signal.addEventListener("abort", () => subscriptions.forEach((unsubscribe) => unsubscribe()));
  }

  /** Enlarge the stage for a projector, or have it as it was. @param {boolean} isShown */
  project(isShown) {
    this.projector.show(isShown);
    this.root.style.setProperty("--ink", isShown ? this.theme.ink : null);
    this.fit();
    this.texts.showHint();
    if (this.state.scene) this.painting.schedule({ scene: true });
  }

  /** Lay everything out in the room there is. */
  fit() {
    const room = roomOf(this.root.clientWidth, innerHeight / zoomOf(this.root));
    this.root.dataset.room = room;
    this.dispatch({ type: "room", room });
  }

  /** The panels beside the plot that are shown; the others do nothing while they are hidden. */
  get shown() {
    return panelsShown(this.state.look.tab, this.state.room);
  }

  turnTo() {
    const { shown } = this;
    for (const panel of all(this.root, ".nnviz-side [role=tabpanel]", HTMLElement)) panel.hidden = !shown.includes(panel.id.replace("nnviz-", ""));
    this.root.dataset.tab = shown[0];
    this.markTab(shown[0]);
    this.panels?.turnTo(shown);
    this.nameUnits();
    this.painting.schedule({ probe: true });
  }

  /** Which units the panels show: pictures have to hold them. */
  nameUnits() {
    if (this.panels?.net) this.dispatch({ type: "units", units: { sizes: this.panels.net.sizes, ...this.panels.seen } });
  }

  // --- Plotly ----------------------------------------------------------------------------

  /** Plotly takes over from the sketch; it takes a second or two to load, so it comes second. */
  async build() {
    const { signal } = this.controller;
    let plotly, modules;
    await this.mounting;
    try {
      [plotly, modules] = await Promise.all([loadPlotly(this.data.files), import("./panels.js")]);
    } catch {
      this.showMessage("Plotly could not be loaded. Reload the page to try again.");
      return;
    }
    if (signal.aborted) return; // closed meanwhile
    this.panels = new modules.Panels(this.root, plotly, {
      unit: (unit) => {
        if (JSON.stringify(unit) !== JSON.stringify(this.state.look.unit)) this.look({ unit });
      },
      edit: (at, value, settled) => this.dispatch({ type: "weight", at, value, settled }),
      changed: () => this.nameUnits(),
      start: (field, seed) => this.dispatch({ type: "start", field, seed }),
      announce: (text) => this.texts.announcer.announce(text),
      ghosts: (runs) => this.texts.readout.ghosts(runs),
    }, this.data.phrases, signal);
    this.panels.turnTo(this.shown);
    this.painting.takeOver(new modules.BoundaryChart(plotly, one(this.root, ".nnviz-boundary", HTMLElement), signal), this.panels);
  }

  // --- after a painted picture -----------------------------------------------------------

  /** What is to be done when, see `plane/painting.js`. */
  paintingEvents() {
    return {
      theme: () => this.theme,
      prepared: () => this.nameUnits(),
      first: () => this.build(),
      numbers: () => this.showNumbers(),
      probe: () => this.showProbe(),
      rest: () => this.showPendingUnit(),
    };
  }

  showNumbers() {
    const { frame, isScrubbing } = this.painting;
    const { run, net } = this.state;
    if (!frame || !net) return;
    this.texts.showNumbers(frame, isScrubbing);
    this.comparison.showNumbers(frame.epoch);
    this.timeline.show(frame.epoch, Math.max(0, run.knownEpochs - 1), editsOf(run), run.target, net);
  }

  showProbe() {
    const answer = this.texts.showProbe(document.activeElement === this.painting.boundary.element);
    if (answer) this.panels?.showProbabilities(answer, this.comparison.answers(answer));
  }

  showPendingUnit() {
    if (!this.pendingUnit || !this.panels?.scene) return;
    const unit = this.pendingUnit;
    this.pendingUnit = null;
    this.panels.keepUnit(unit);
  }
}

/** @param {import("./run/stops.js").Rules} one @param {import("./run/stops.js").Rules} other */
const isSame = (one, other) => one.epoch === other.epoch && one.loss === other.loss && one.patience === other.patience;
