/** The dialog in which people choose what to take away of a run at this very moment. */

import { bindTabs } from "../controls/input.js";
import { AnimationPanel } from "./animation.js";
import { CodePanel } from "./code.js";
import { DataPanel } from "./data.js";
import { PicturePanel } from "./picture.js";
import { SharePanel } from "./share.js";

/** What is behind each tab. A panel has `show()`, and `stop()` where it may be at work. */
const PANELS = { picture: PicturePanel, animation: AnimationPanel, data: DataPanel, code: CodePanel, share: SharePanel };

/**
 * What the dialog needs of the stage.
 * @typedef {object} Source
 * @property {string} base of the server
 * @property {Element} root the stage's element
 * @property {AbortSignal} signal aborted where the stage goes
 * @property {() => Object<string, object[]>} choices tables of choices, from the page
 * @property {() => {recipe: object, epoch: number, last: number, look: import("../look.js").Look}} moment
 *   what is shown now; `last` is the last epoch known
 * @property {() => boolean} pause a run that plays; whether it did
 * @property {(request: object) => Promise<{header: object, file?: Uint8Array}>} take see `live/exports.py`
 * @property {() => {eye?: number[]}} charts how the surface is turned
 * @property {() => "light" | "dark"} theme of the page
 * @property {() => Promise<object>} plotly
 * @property {(message: string, kind: "note" | "problem") => void} say on the stage
 * @property {(text: string) => void} open hands an experiment's text to the page
 */

/** @param {Source} source @returns {Promise<TakeDialog>} */
export async function load(source) {
  const answer = await fetch(`${source.base}/stage/export/dialog.html`);
  if (!answer.ok) throw new Error(answer.statusText);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const element = holder.content.firstElementChild;
  source.root.append(element);
  return new TakeDialog(source, element);
}

export class TakeDialog {
  tab = "picture";
  wasPlaying = false;
  query = undefined; // of a link to the moment

  /** @param {Source} source @param {HTMLDialogElement} element */
  constructor(source, element) {
    this.source = source;
    this.element = element;
    const { signal } = source;
    this.panels = Object.fromEntries(
      Object.entries(PANELS).map(([name, Panel]) => [name, new Panel(this.part(`#nnviz-take-${name}`), this)]),
    );
    bindTabs(this.part("[role=tablist]"), (name) => this.turnTo(name), signal);
    this.part("[data-take=close]").addEventListener("click", () => this.close(), { signal });
    const handlers = {
      pointerdown: ({ target }) => target === element && this.close(), // beside it
      keydown: (event) => event.stopPropagation(), // not for the page's keys
      cancel: (event) => this.isHeld() && event.preventDefault(), // Escape
      close: () => this.leave(),
    };
    for (const [type, handler] of Object.entries(handlers)) element.addEventListener(type, handler, { signal });
    signal.addEventListener("abort", () => this.dispose());
  }

  dispose() {
    this.stop();
    this.element.remove();
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  /** What is exported is one moment: a run that plays is paused for it. */
  async open() {
    if (this.element.open) return;
    this.wasPlaying = this.source.pause();
    this.showMoment();
    this.element.showModal();
    this.part("[role=tab][aria-selected=true]").focus();
    this.query = undefined;
    this.panels.share.renew(); // the link to the moment before is gone
    await this.attempt(() => this.settle());
    this.showMoment(); // a frame may have been under way when the run was paused
    for (const panel of Object.values(this.panels)) panel.renew?.();
    this.turnTo(this.tab);
  }

  /** The query of a link to the moment, once that stands still. */
  async settle() {
    const { header } = await this.source.take({ what: "link", ...this.sight });
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
    this.stop();
    this.source.root.querySelector("[data-do=take]").focus();
  }

  stop() {
    for (const panel of Object.values(this.panels)) panel.stop?.();
  }

  turnTo(name) {
    this.tab = name;
    this.say("");
    for (const panel of this.element.querySelectorAll("[role=tabpanel]")) panel.hidden = panel.id !== `nnviz-take-${name}`;
    this.panels[name].show();
  }

  // --- what panels need ----------------------------------------------------------------

  /** What is looked at, as fields of a request. */
  get sight() {
    return { look: this.source.moment().look };
  }

  /** @returns {Promise<object>} Plotly */
  async plotly() {
    try {
      return await this.source.plotly();
    } catch {
      throw new Error("Plotly could not be loaded. Try again.");
    }
  }

  showMoment() {
    const { epoch } = this.source.moment();
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
