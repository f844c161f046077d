/** The stage: ties a run to its charts, its buttons and keys, and the page around it. */

import { Announcer } from "./announcer.js";
import { BoundaryChart, HistoryChart, ProbabilityChart } from "./charts.js";
import { coordinate, loss, percent } from "./format.js";
import { bindButtons, bindKeys, bindProbe } from "./input.js";
import { loadPlotly } from "./loader.js";
import { Pacer } from "./pacer.js";
import { sameScene } from "./plane.js";
import { Run } from "./run.js";
import { Sketch } from "./sketch.js";
import { themeOf, watchTheme } from "./theme.js";

/** Frames between two drawings: numbers 10 times a second, bars 8, lines 3 times. */
const PERIODS = { numbers: 6, probe: 8, history: 24 };

const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z";
const SETTLED = 250; // ms without another new start before the page is told
const PATIENCE = 2000; // ms an answer of the page may take

/** One stage a mounted component; it survives Streamlit's reruns. @type {WeakMap<Element, Stage>} */
const stages = new WeakMap();

/** Called when the component is mounted and after every rerun. */
export function render(component) {
  const root = component.parentElement.querySelector(".nnviz");
  if (!stages.has(root)) stages.set(root, new Stage(root, component.data.base));
  stages.get(root).update(component);
}

/** Called by Streamlit when the component goes. */
export function dispose({ parentElement }) {
  const root = parentElement.querySelector(".nnviz");
  stages.get(root)?.close();
  stages.delete(root);
}

class Stage {
  constructor(root, base) {
    this.root = root;
    this.frames = 0;
    this.due = {}; // what the next paint has to show
    this.pacer = new Pacer(PERIODS);
    this.announcer = new Announcer(this.part("[role=status]"));
    const url = new URL(`${base}/live`, location.origin);
    url.protocol = url.protocol.replace("http", "ws");
    this.run = new Run(url.href, {
      scene: (scene) => this.setScene(scene),
      frame: (frame) => {
        this.schedule({ frame });
        if (!this.run.playing && !this.run.steps) this.paint(); // somebody waits for just this one
      },
      probe: (probe) => this.schedule({ probe }),
      state: () => this.showState(),
      recipe: () => this.setStateValue("recipe", this.run.recipe),
      message: (words) => this.say(words),
    });
    this.base = base;
    this.boundary = new Sketch(this.part(".nnviz-boundary"));
    this.panels = []; // the charts beside it
    const actions = this.actions();
    const stops = [
      bindButtons(root, actions),
      bindKeys(actions),
      bindProbe(this.boundary.element, () => this.boundary, (point, pins) => this.look(point, pins)),
      watchTheme(root, () => this.scene && this.schedule({ scene: this.scene })),
      this.watchSize(),
    ];
    this.unbind = () => stops.forEach((stop) => stop());
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  /** Plotly takes over from the sketch; it takes a second or two to load, so it comes second. */
  async build() {
    let plotly;
    try {
      plotly = await loadPlotly(this.base);
    } catch {
      this.say("Plotly could not be loaded. Reload the page to try again.");
      return;
    }
    if (!this.root.isConnected) return; // closed meanwhile
    this.chart = new BoundaryChart(plotly, this.boundary.element);
    this.probabilities = new ProbabilityChart(
      plotly, this.part(".nnviz-probabilities"), this.part(".nnviz-shares"),
    );
    this.history = new HistoryChart(plotly, this.part(".nnviz-history"));
    this.panels = [this.probabilities, this.history];
    this.schedule({ scene: this.scene });
  }

  actions() {
    const { run } = this;
    return {
      play: () => run.play(!run.playing),
      step: () => run.step(),
      reset: () => run.reset(),
      renew: () => {
        run.renew();
        this.reportSeed();
      },
      pace: (epochs) => {
        run.pace = Number(epochs);
      },
    };
  }

  watchSize() {
    const observer = new ResizeObserver(() => {
      this.resizing ??= requestAnimationFrame(() => {
        this.resizing = undefined;
        for (const chart of [this.boundary, ...this.panels]) chart.resize();
      });
    });
    for (const name of ["boundary", "probabilities", "history"]) observer.observe(this.part(`.nnviz-${name}`));
    return () => observer.disconnect();
  }

  // --- from the page -----------------------------------------------------------------

  update({ data, setStateValue, setTriggerValue }) {
    Object.assign(this, { setStateValue, setTriggerValue, styles: data.classStyles });
    if (this.awaitsSeed(data.recipe.seed)) return;
    this.run.want(data.recipe, data.liveFields);
  }

  /** Tell the page the new seed, once for several quick new starts. */
  reportSeed() {
    clearTimeout(this.seedTimer);
    this.seedTimer = setTimeout(() => {
      this.seedTimer = undefined;
      this.sent = { seed: this.run.recipe.seed, at: performance.now() };
      this.setTriggerValue("seed", this.sent.seed);
    }, SETTLED);
  }

  /** Whether a recipe from the page is older than the new start the page was told of. */
  awaitsSeed(seed) {
    if (this.seedTimer !== undefined) return true;
    if (this.sent && seed !== this.sent.seed && performance.now() - this.sent.at < PATIENCE) return true;
    this.sent = undefined;
    return false;
  }

  close() {
    this.run.close();
    this.announcer.close();
    clearTimeout(this.seedTimer);
    this.unbind?.();
  }

  // --- from the run ------------------------------------------------------------------

  setScene(scene) {
    if (this.scene && sameScene(this.scene, scene)) return; // another network, the same points
    const moved = JSON.stringify(this.scene?.extent) !== JSON.stringify(scene.extent);
    this.scene = scene;
    if (moved) this.pinned = undefined;
    this.due.scene = scene;
    this.look(null, false);
  }

  /** The point whose probabilities are shown: hovered, else pinned, else the centre. */
  look(point, pins) {
    if (!this.scene) return; // the server has not answered yet
    if (pins) {
      this.pinned = point ?? undefined;
      this.schedule({ pin: true });
    }
    const centre = this.scene.extent.map(([low, high]) => (low + high) / 2);
    this.run.look(point ?? this.pinned ?? centre);
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
    const { scene, frame, probe, pin } = this.due;
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
    else this.drawChanges(frame, pin);
    if (frame) this.countFrame();
  }

  /** Another data set or theme: the picture at once, the panels with the next frame. */
  drawScene() {
    const theme = themeOf(this.root);
    const before = this.boundary;
    this.boundary = this.chart ?? before;
    this.boundary.pinned = this.pinned;
    this.boundary.draw(this.scene, theme, this.styles, this.frame);
    if (this.boundary !== before) before.remove(); // the sketch
    this.probabilities?.prepare(this.scene, theme, this.styles);
    this.history?.prepare(theme);
    this.newFrame();
    this.schedule({ probe: this.probe });
  }

  drawChanges(frame, pin) {
    if (frame) {
      this.boundary.paint(frame);
      this.newFrame();
    }
    if (pin) this.boundary.setPin(this.pinned);
    if (this.run.playing) this.pacer.frame();
    else if (frame) this.schedule({}); // the picture first, the panels right after it
    else this.pacer.all();
  }

  newFrame() {
    this.pacer.want("numbers", () => this.showNumbers());
    if (this.history) this.pacer.want("history", () => this.history.paint(this.run.history));
  }

  // --- words and numbers ---------------------------------------------------------------

  show(name, text) {
    const element = this.part(`[data-show=${name}]`);
    if (element.textContent !== text) element.textContent = text;
  }

  countFrame() {
    if (!this.frames) this.build(); // the picture first, then Plotly
    this.frames += 1;
    this.root.dataset.epoch = this.frame.epoch;
    this.root.dataset.frames = this.frames;
  }

  showNumbers() {
    const { epoch, metrics } = this.frame;
    this.show("epoch", String(epoch));
    this.show("train_loss", loss(metrics.train_loss));
    this.show("test_loss", loss(metrics.test_loss));
    this.show("train_accuracy", percent(metrics.train_accuracy));
    this.show("test_accuracy", percent(metrics.test_accuracy));
    if (!this.run.playing) this.announceRest();
  }

  showProbe() {
    if (this.probe.probabilities.length !== this.scene.classNames.length) return; // of the data before
    this.showHeading();
    if (!this.probabilities) return;
    this.probabilities.paint(this.probe.probabilities);
    if (this.showsPin && document.activeElement === this.boundary.element) {
      this.announcer.say(this.probabilities.words());
    }
  }

  /** Whether the point shown is the pinned one, not one under the cursor. */
  get showsPin() {
    return Boolean(this.pinned?.every((value, i) => value === this.probe.at[i]));
  }

  showHeading() {
    const [x, y] = this.probe.at.map((value, i) => coordinate(value, this.scene.extent[i]));
    const [first, ...rest] = this.run.recipe.output;
    const output = first.toUpperCase() + rest.join("");
    this.show("probe", `${output} at (${x}, ${y})${this.showsPin ? ", pinned" : ""}`);
  }

  showState() {
    const { state, playing } = this.run;
    this.root.dataset.state = state;
    const [word, shape] = playing ? ["Pause", PAUSE] : ["Play", PLAY];
    const button = this.part("[data-do=play]");
    button.querySelector("span").textContent = word;
    button.querySelector("path").setAttribute("d", shape);
    for (const name of ["play", "step"]) {
      this.part(`[data-do=${name}]`).setAttribute("aria-disabled", String(this.run.ended));
    }
    if (state === "running" || state === "offline") {
      this.rest = undefined;
      this.announcer.say(state);
    }
    if (!playing) this.schedule({}); // the panels catch up
  }

  /** Where a run has come to stand, once its last frame is on the screen. */
  announceRest() {
    const words = [`${this.run.state} at epoch ${this.frame.epoch}.`, this.run.diverged].join(" ");
    if (words !== this.rest) this.announcer.say(words);
    this.rest = words;
  }

  say(words) {
    this.show("message", words);
    if (words) this.announcer.say(words);
  }
}
