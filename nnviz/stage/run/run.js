/**
 * Carries out what the state of a run requires: sends the next request, takes in its reply, and
 * keeps the history. Knows neither how requests travel nor how anything looks.
 */

import { keyOf } from "../compare/companions.js";
import { besideFrames, besideScenes, Histories } from "../compare/replies.js";
import { Credit } from "./credit.js";
import { Ghosts } from "./ghosts.js";
import { History } from "./history.js";
import { rulesOf } from "../look.js";
import { nextRequest } from "./requests.js";
import { pointsOf, sceneOf } from "./scenes.js";
import { isRefused, isTraining, position, recipeOf } from "./run-state.js";
import { paceOf } from "./pace.js";
import { comparedOf, pictureFor, pointOf } from "../stage-state.js";
import { firstStop, warning } from "./stops.js";
import { ExportQueue } from "../export/queue.js";

/** @typedef {import("./run-state.js").RunState} RunState */
/** @typedef {import("./run-state.js").Sent} Sent */
/** @typedef {import("./replies.js").Reply} Reply */

const UNREACHED = "The server can’t be reached. Try again when the run is back.";
const NO_RUN = "There is no run to export.";
const OTHER_RUN = "Another run has begun. Try again.";

/**
 * @typedef {object} Transport carries requests to a session, and its replies back, in order
 * @property {boolean} ready whether it is open
 * @property {(request: import("./requests.js").Request) => void} send its reply comes later, never during the call
 * @property {() => void} close
 */

/**
 * @typedef {object} TransportEvents
 * @property {() => void} onOpen the connection is open, and no run is yet at its other end
 * @property {(reply: Reply) => void} onReply
 * @property {(why: string) => void} onClose a sentence for the user, or "" where the reason is not known
 */

/** @typedef {(on: TransportEvents) => Transport} Connect */

export class Run {
  history = new History();
  /** Of the runs beside this one. */
  histories = new Histories();
  ghosts = new Ghosts();
  exports = new ExportQueue();

  /** @type {Transport | undefined} until it is connected */
  transport;

  /** @type {Reply[]} arrived, in order, and not taken in yet */
  replies = [];

  /** Called when a picture waits to be shown. */
  onPicture = () => {};

  #asked = 0; // id of the last request
  #taken = 0; // and of the last reply taken in

  /**
   * @param {import("../stage-state.js").StageStore} store
   * @param {Connect} connect
   * @param {() => number} now a clock, in ms
   */
  constructor(store, connect, now = () => performance.now()) {
    this.store = store;
    this.credit = new Credit(now);
    this.unsubscribe = store.subscribe((state, before) => this.follow(state.run, before.run));
    this.transport = connect({
      onOpen: () => store.dispatch({ type: "connected" }),
      onReply: (reply) => this.receive(reply),
      onClose: (why) => {
        this.replies = [];
        this.credit.forget();
        this.exports.fail(UNREACHED);
        store.dispatch({ type: "disconnected", why });
      },
    });
  }

  /** Play, or pause. @param {boolean} playing */
  play(playing) {
    const { run, look } = this.store.state;
    if (!playing) return this.store.dispatch({ type: "pause" });
    this.store.dispatch({ type: "play", warning: warning(this.history, position(run), rulesOf(look)) });
  }

  /**
   * Export something of this very moment; the run stays as it is. It is requested when nothing else
   * is to be done, or between two frames of a run that plays.
   *
   * @param {import("../export/queue.js").ExportRequest} request
   * @returns {Promise<import("../export/queue.js").Exported>} fails with an Error that says why
   */
  export(request) {
    const answer = this.exports.add(request);
    const { run } = this.store.state;
    if (!run.online) this.exports.fail(UNREACHED);
    else if (isRefused(run)) this.exports.fail(NO_RUN);
    else this.send();
    return answer;
  }

  /** Whether a picture of the run that goes on has arrived, and waits to be shown. */
  get hasPicture() {
    const [reply] = this.replies;
    const { run } = this.store.state;
    const [sent] = run.sent;
    return Boolean(reply?.arrays.planes && sent && isTraining(run, sent, reply.header));
  }

  /** The display is ready for another picture: show the next, if there is one. */
  show() {
    if (!this.hasPicture) return;
    this.credit.shown();
    this.take();
    this.takeIn();
  }

  close() {
    this.unsubscribe();
    this.exports.fail(UNREACHED);
    this.transport?.close();
  }

  // --- what follows from a change ---------------------------------------------------------

  /**
   * The state has changed: keep what was known of an earlier run, cut the history, send what is next.
   * @param {RunState} run @param {RunState} before
   */
  follow(run, before) {
    if (run.knownEpochs < before.knownEpochs) this.ghosts.keep(recipeOf(before), this.history);
    this.history.cut(run.knownEpochs);
    if (run.starts !== before.starts) this.exports.fail(OTHER_RUN);
    if (isRefused(run)) this.exports.fail(NO_RUN);
    if (run.turn !== before.turn) this.credit.interrupt();
    this.takeIn();
    this.send();
  }

  /** Whether a request sent or a reply taken in has yet to be noted in the state. */
  get isChanging() {
    const { sent, requests } = this.store.state.run;
    return this.#asked > requests || sent[0]?.id === this.#taken;
  }

  /** Send the next request, if there is one; the change of state that follows sends the one after it. */
  send() {
    const { state } = this.store;
    if (!this.transport?.ready || this.isChanging) return;
    const { window } = this.credit;
    const next = nextRequest(state.run, pictureFor(state), paceOf(state), pointOf(state), window, this.exports.next, comparedOf(state));
    if (!next) return;
    this.#asked = next.id;
    if (next.request.op !== "open") this.credit.sent(next.id); // a link's run may have come before it was asked for
    this.transport.send(this.histories.withKnown(withData(next.request, state.scene), state.beside));
    this.store.dispatch({ type: "sent", sent: { ...next, turn: state.run.turn, scene: state.scene } });
  }

  /** @param {Reply} reply */
  receive(reply) {
    const { id } = reply.header;
    if (!this.store.state.run.sent.some((sent) => sent.id === id)) return; // from an earlier connection
    this.credit.replied(id);
    this.replies.push(reply);
    this.takeIn();
  }

  /** Take in what has arrived; a picture of the run that goes on waits until the display is ready for it. */
  takeIn() {
    if (!this.replies.length || this.isChanging) return;
    if (this.hasPicture) this.onPicture();
    else this.take();
  }

  /** Take in the reply that arrived first; the change of state that follows takes in the next. */
  take() {
    const { run, look } = this.store.state;
    const [sent] = run.sent;
    const reply = this.replies.shift();
    if (!sent || !reply) return;
    this.#taken = sent.id;
    const { header, arrays } = reply;
    if (sent.exported && header.type !== "frame") this.exports.settle(sent.exported, { header, arrays });
    const isOfThisRun = (header.type === "frame" || header.type === "opened") && sent.recipe === run.recipe;
    const isGoingOn = isTraining(run, sent, header);
    const rows = isOfThisRun && (isGoingOn || !sent.request.epochs) ? arrays.rows : undefined;
    if (isOfThisRun && rows) this.record(run, header, rows.data);
    const { beside, look: { beside: list } } = this.store.state;
    const runs = header.type === "frame" && header.beside?.key === keyOf(list) ? besideFrames(header, arrays) : null;
    if (runs) this.histories.put(beside, runs);
    const stop = isOfThisRun && isGoingOn && run.playing ? firstStop(this.history, position(run), rulesOf(look)) : null;
    this.store.dispatch({
      type: "reply",
      header,
      arrays,
      rows: rows?.shape[0] ?? 0,
      stop: isOfThisRun && stop && stop.epoch <= header.epoch ? stop : null,
      ...(header.type === "opened" ? sceneOf(header, arrays, header.recipe) : {}),
      ...(header.type === "frame" && header.data !== undefined ? { points: pointsOf(header.data, arrays) } : {}),
      ...(runs ? { runs: { key: keyOf(list) ?? "", seen: besideScenes(beside, runs) } } : {}),
    });
  }

  /**
   * After an edit another history follows: the one so far is kept as an earlier run.
   * @param {RunState} run @param {import("./replies.js").FrameHeader | import("./replies.js").OpenedHeader} header
   * @param {Float32Array} rows
   */
  record(run, header, rows) {
    const isEdited = header.type === "frame" && header.recipe;
    if (isEdited && header.epoch + 1 < run.knownEpochs) this.ghosts.keep(recipeOf(run), this.history);
    this.history.put(header.since, rows);
  }
}

/** Requests that a picture answers; they name the points that are known. */
const PICTURED = ["frame", "seek", "edit"];

/**
 * @param {import("./requests.js").Request} request @param {import("../plane/scene.js").Scene | null} scene shown
 * @returns {import("./requests.js").Request}
 */
const withData = (request, scene) => (scene?.data && PICTURED.includes(request.op) ? { ...request, data: scene.data } : request);
