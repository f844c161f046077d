/** The dialog in which people choose what to take away of a run at this very moment. */

import { bindTabs } from "./input.js";
import { loadPlotly } from "./loader.js";
import { AnimationPanel } from "./take-animation.js";
import { CodePanel } from "./take-code.js";
import { DataPanel } from "./take-data.js";
import { PicturePanel } from "./take-picture.js";
import { SharePanel } from "./take-share.js";

/** What is behind each tab. A panel has `show()`, and `stop()` where it may be at work. */
const PANELS = { picture: PicturePanel, animation: AnimationPanel, data: DataPanel, code: CodePanel, share: SharePanel };

/** @param {import("./stage.js").Stage} stage @returns {Promise<TakeDialog>} */
export async function load(stage) {
  const answer = await fetch(`${stage.base}/stage/take.html`);
  if (!answer.ok) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const element = holder.content.firstElementChild;
  stage.root.append(element);
  return new TakeDialog(stage, element);
}

export class TakeDialog {
  constructor(stage, element) {
    Object.assign(this, { stage, element, tab: "picture" });
    this.panels = Object.fromEntries(
      Object.entries(PANELS).map(([name, Panel]) => [name, new Panel(this.part(`#nnviz-take-${name}`), this)]),
    );
    bindTabs(this.part("[role=tablist]"), (name) => this.turnTo(name));
    this.part("[data-take=close]").addEventListener("click", () => this.close());
    element.addEventListener("pointerdown", ({ target }) => {
      if (target === element) this.close(); // beside it
    });
    element.addEventListener("keydown", (event) => event.stopPropagation()); // not for the page's keys
    element.addEventListener("cancel", (event) => this.isHeld() && event.preventDefault()); // Escape
    element.addEventListener("close", () => this.leave());
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  /** What is taken is one moment: a run that plays is paused for it. */
  async open() {
    const { run } = this.stage;
    if (this.element.open) return;
    this.wasPlaying = run.playing;
    if (run.playing) run.play(false);
    this.showMoment();
    this.element.showModal();
    this.part("[role=tab][aria-selected=true]").focus();
    this.query = undefined;
    this.panels.share.renew(); // the link of the moment before is not to be had any more
    await this.attempt(() => this.settle());
    this.showMoment(); // a frame may have been under way when the run was paused
    for (const panel of Object.values(this.panels)) panel.renew?.();
    this.turnTo(this.tab);
  }

  /** The query of a link to the moment, once that stands still. */
  async settle() {
    const { header } = await this.take({ what: "link", ...this.sight });
    this.query = header.query;
  }

  close() {
    if (!this.isHeld()) this.element.close();
  }

  /** Whether something is being made that would be lost; says so. */
  isHeld() {
    const { isWorking } = this.panels.animation;
    if (isWorking) this.say("The animation is being made. Cancel stops it.");
    return isWorking;
  }

  leave() {
    for (const panel of Object.values(this.panels)) panel.stop?.();
    this.stage.part("[data-do=take]").focus();
  }

  turnTo(name) {
    this.tab = name;
    this.say("");
    for (const panel of this.element.querySelectorAll("[role=tabpanel]")) panel.hidden = panel.id !== `nnviz-take-${name}`;
    this.panels[name].show();
  }

  // --- what panels need ----------------------------------------------------------------

  /** Rows of the tables of choices. @returns {Object<string, object[]>} */
  get choices() {
    return this.stage.reports.data.takeaway;
  }

  /** What people have chosen to see of the plane. */
  get look() {
    return named(this.stage.looking.view);
  }

  /** What a link or an experiment holds besides the moment: the view, and the point pinned. */
  get sight() {
    return { look: this.look, probe: this.stage.pinned ?? null };
  }

  /** How the other charts are turned and scaled. */
  get charts() {
    const [log_loss, log_epochs] = ["loss", "epochs"].map((axis) => this.stage.part(`[data-do=log_${axis}]`).checked);
    const eye = this.stage.part(".nnviz-surface").layout?.scene?.camera?.eye;
    return { log_loss, log_epochs, ...(eye ? { eye: [eye.x, eye.y, eye.z] } : {}) };
  }

  /** @returns {Promise<{header: object, file?: Uint8Array}>} see `Run.take` */
  take(request) {
    return this.stage.run.take(request);
  }

  /** @returns {Promise<object>} Plotly */
  async plotly() {
    try {
      return await loadPlotly(this.stage.base);
    } catch {
      throw new Error("Plotly could not be loaded. Reload the page to try again.");
    }
  }

  /** The name of the page's own theme: `light` or `dark`. */
  get theme() {
    const [red, green, blue] = this.stage.theme.paper.match(/\d+/g).map(Number);
    return 0.3 * red + 0.59 * green + 0.11 * blue < 128 ? "dark" : "light";
  }

  showMoment() {
    const { epoch } = this.stage.run;
    this.part("#nnviz-take-moment").textContent = this.wasPlaying
      ? `The run is paused at epoch ${epoch}, so that picture, caption and link agree.`
      : `The run at epoch ${epoch}`;
  }

  /** @param {string} words for people @param {"note" | "problem"} kind */
  say(words, kind = "note") {
    const line = this.part(".nnviz-take-says");
    line.dataset.kind = kind;
    line.textContent = words;
  }

  /** Do something that may go wrong; say in words if it does. */
  async attempt(work) {
    this.say("");
    try {
      await work();
    } catch (error) {
      this.say(error.message, "problem");
    }
  }
}

/** A look by the names of the server. */
const named = ({ mode: view, klass, threshold, rings, parts, unit }) => ({ view, klass, threshold, rings, parts, unit });
