/** The texts and numbers of the stage: on the page, and for screen readers. */

import { one } from "../controls/elements.js";
import { isAtThreshold } from "../look.js";
import { condition, isEnded, messageOf, warningOf } from "../run/run-state.js";
import { toolOf } from "../pen/state.js";
import { Announcer } from "./announcer.js";
import { probabilities } from "./format.js";
import { isBatchwise } from "../run/pace.js";
import { hintOf } from "./hint.js";
import { majorityOf } from "./majority.js";
import { Readout } from "./readout.js";

/** @typedef {import("../run/run-state.js").RunState} RunState */

export class Texts {
  /** @type {string | undefined} what was announced where the run came to rest last */
  rest;

  /**
   * @param {HTMLElement} root the stage @param {import("../stage-state.js").StageStore} store
   * @param {string[]} straight activations without a bend @param {AbortSignal} signal
   */
  constructor(root, store, straight, signal) {
    this.root = root;
    this.store = store;
    this.straight = straight;
    this.readout = new Readout(root);
    this.announcer = new Announcer(one(root, "[role=status]", HTMLElement), signal);
  }

  /** The run has changed: its message, and whether it plays. @param {RunState} run @param {RunState} before */
  showRun(run, before) {
    const message = messageOf(run);
    if (message.text !== messageOf(before).text || run.message !== before.message) this.showMessage(message);
    if (warningOf(run) !== warningOf(before)) this.showHealth(warningOf(run));
    if (condition(run) === condition(before) && isEnded(run) === isEnded(before)) return;
    this.readout.state({ state: condition(run), playing: run.playing, ended: isEnded(run) });
    if (condition(run) === "running" || condition(run) === "offline") {
      this.rest = undefined;
      this.announcer.announce(condition(run));
    }
  }

  /** @param {import("../run/run-state.js").Message} message */
  showMessage({ text, kind }) {
    one(this.root, ".nnviz-message", HTMLElement).dataset.kind = kind;
    this.readout.write("message", text);
    if (text) this.announcer.announce(text);
  }

  /** Show what the user can do next. */
  showHint() {
    const { frame, look, net, views, scene, run, pen } = this.store.state;
    if (!frame || !net || !scene) return;
    const description = look.view === "blend" ? "" : views[look.view].description;
    const isTouch = matchMedia("(pointer: coarse)").matches;
    const { epoch, corrections, steps, wrong = false } = frame;
    const sample = steps ? { number: steps, of: scene.train.labels.length, wrong } : null;
    const canBend = net.sizes.length > 2 && !this.straight.includes(net.activation);
    const hint = hintOf({ net, canBend, epoch, corrections, sample, description, isTouch, isProjected: look.projector, isBatchwise: isBatchwise({ look, net, run }), warning: warningOf(run), tool: toolOf(pen) });
    this.readout.write("hint", hint);
    one(this.root, ".nnviz-message", HTMLElement).toggleAttribute("data-hint", hint !== "");
  }

  /** The points have changed: what the most frequent class is worth. */
  showMajority() {
    const { scene } = this.store.state;
    this.readout.write("majority", scene ? majorityOf(scene) : "");
  }

  /** @param {string} warning about a hidden layer, or none */
  showHealth(warning) {
    this.showHint();
    if (warning) this.announcer.announce(warning);
  }

  /** The numbers of a picture. @param {import("../run/replies.js").Frame} frame @param {boolean} isScrubbing */
  showNumbers(frame, isScrubbing) {
    const { scene, look, net, run, views } = this.store.state;
    if (!scene || !net) return;
    this.readout.numbers(frame, this.readout.confusions(frame, scene, isAtThreshold(look, views)));
    this.readout.unit(look.unit ? frame : null, net);
    this.showHint();
    if (!run.playing) this.announceRest(run, frame.epoch, isScrubbing);
  }

  /** Where a run has come to rest, once its last frame is on the screen. @param {RunState} run @param {number} epoch @param {boolean} isScrubbing */
  announceRest(run, epoch, isScrubbing) {
    const text = [`${condition(run)} at epoch ${epoch}.`, run.diverged].join(" ");
    if (text !== this.rest && !isScrubbing) this.announcer.announce(text);
    this.rest = text;
  }

  /**
   * The title of the bars; announced where a pinned point is moved by keys.
   * @param {boolean} hasFocus whether the plot has it
   * @returns {import("../run/replies.js").ProbeAnswer | null} what is to be drawn, if there is an answer for this data
   */
  showProbe(hasFocus) {
    const { answer, scene, net, look } = this.store.state;
    if (!answer || !scene || !net || answer.probabilities.length !== scene.classNames.length) return null; // of the data before
    const isPinned = Boolean(look.probe?.every((value, i) => value === answer.at[i]));
    this.readout.heading(answer, scene, net.output, isPinned);
    if (isPinned && hasFocus) this.announcer.announce(probabilities(scene.classNames, answer.probabilities));
    return answer;
  }
}
