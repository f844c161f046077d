/** The dialog in which the user chooses what to export of a run at this moment. */

import { bindTabs } from "../controls/input.js";
import { all, one } from "../controls/elements.js";
import { AnimationPanel } from "./animation.js";
import { CodePanel } from "./code.js";
import { DataPanel } from "./data.js";
import { PicturePanel } from "./picture.js";
import { SharePanel } from "./share.js";

/**
 * @typedef {import("./source.js").ExportSource} ExportSource
 *
 * @typedef {object} ExportPanel what is behind a tab
 * @property {() => void} show its tab was chosen
 * @property {() => void} [renew] another moment is exported
 * @property {() => void} [stop] ends what it may be doing
 */

/** @param {ExportSource} source @returns {Promise<ExportDialog>} */
export async function load(source) {
  const answer = await fetch(`${source.files}/export/dialog.html`);
  if (!answer.ok) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const element = one(holder.content, "dialog", HTMLDialogElement);
  source.root.append(element);
  return new ExportDialog(source, element);
}

export class ExportDialog {
  tab = "picture";
  wasPlaying = false;
  /** The query of a link to the moment, once it is known. @type {string | undefined} */
  query;

  /** @param {ExportSource} source @param {HTMLDialogElement} element */
  constructor(source, element) {
    this.source = source;
    this.element = element;
    const { signal } = source;
    this.animation = new AnimationPanel(one(element, "#nnviz-export-animation", HTMLElement), this);
    this.share = new SharePanel(this.part("#nnviz-export-share"), this);
    /** The panels by the names of their tabs. @type {Object<string, ExportPanel>} */
    this.panels = {
      picture: new PicturePanel(one(element, "#nnviz-export-picture", HTMLElement), this),
      animation: this.animation,
      data: new DataPanel(this.part("#nnviz-export-data"), this),
      code: new CodePanel(this.part("#nnviz-export-code"), this),
      share: this.share,
    };
    bindTabs(this.part("[role=tablist]"), (name) => this.turnTo(name), signal);
    this.part("[data-export=close]").addEventListener("click", () => this.close(), { signal });
    element.addEventListener("pointerdown", ({ target }) => target === element && this.close(), { signal }); // beside it
    element.addEventListener("keydown", (event) => event.stopPropagation(), { signal }); // not for the page's keys
    element.addEventListener("cancel", (event) => this.isWorking() && event.preventDefault(), { signal }); // Escape
    element.addEventListener("close", () => this.leave(), { signal });
    signal.addEventListener("abort", () => this.dispose());
  }

  dispose() {
    this.stop();
    this.element.remove();
  }

  /** @param {string} selector */
  part(selector) {
    return one(this.element, selector, HTMLElement);
  }

  /** What is exported is one moment: a run that plays is paused for it. */
  async open() {
    if (this.element.open) return;
    this.wasPlaying = this.source.pause();
    this.showMoment();
    this.element.showModal();
    this.part("[role=tab][aria-selected=true]").focus();
    this.query = undefined;
    this.share.renew(); // removes the link to the moment before
    await this.attempt(() => this.requestQuery());
    this.showMoment(); // a frame may have been under way when the run was paused
    for (const panel of Object.values(this.panels)) panel.renew?.();
    this.turnTo(this.tab);
  }

  /** Get the query of a link to the moment; when it comes, the run stands still. */
  async requestQuery() {
    const { header } = await this.source.request({ what: "link", ...this.lookFields });
    this.query = header.query;
  }

  close() {
    if (!this.isWorking()) this.element.close();
  }

  /** Whether an animation is being made, which would be lost: then say so. */
  isWorking() {
    const { isWorking } = this.animation;
    if (isWorking) this.showMessage("The animation is being made. Cancel stops it.");
    return isWorking;
  }

  leave() {
    this.stop();
    one(this.source.root, "[data-do=export]", HTMLElement).focus();
  }

  stop() {
    for (const panel of Object.values(this.panels)) panel.stop?.();
  }

  /** @param {string} name of a tab */
  turnTo(name) {
    this.tab = name;
    this.showMessage("");
    for (const panel of all(this.element, "[role=tabpanel]", HTMLElement)) panel.hidden = panel.id !== `nnviz-export-${name}`;
    this.panels[name].show();
  }

  // --- what panels need ----------------------------------------------------------------

  /** The look, as a field of a request. */
  get lookFields() {
    return { look: this.source.moment().look };
  }

  async plotly() {
    try {
      return await this.source.plotly();
    } catch {
      throw new Error("Plotly could not be loaded. Try again.");
    }
  }

  showMoment() {
    const { epoch } = this.source.moment();
    this.part("#nnviz-export-moment").textContent = this.wasPlaying
      ? `The run is paused at epoch ${epoch}, so that picture, caption and link agree.`
      : `The run at epoch ${epoch}`;
  }

  /** @param {string} message @param {"note" | "problem"} kind */
  showMessage(message, kind = "note") {
    const line = this.part(".nnviz-export-status");
    line.dataset.kind = kind;
    line.textContent = message;
  }

  /** Do something that may fail; if it does, say why. @param {() => unknown} work */
  async attempt(work) {
    this.showMessage("");
    try {
      await work();
    } catch (error) {
      this.showMessage(error.message, "problem");
    }
  }
}
