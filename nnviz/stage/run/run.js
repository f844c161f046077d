/**
 * Carries out what the state of a run asks for: sends what is due, takes in what comes back, and
 * keeps the history. Knows no carrier and nothing of how it looks.
 */

import { Ghosts } from "./ghosts.js";
import { History } from "./history.js";
import { rulesOf } from "../look.js";
import { due } from "./requests.js";
import { isTraining, position } from "./run-state.js";
import { pictureFor, pointOf } from "../stage-state.js";
import { firstStop, passed } from "./stops.js";
import { Takes } from "../export/queue.js";

const UNREACHED = "The server can’t be reached. Try again when the run is back.";
const NO_RUN = "There is no run to take anything of.";
const OTHER = "Another run has begun. Try again.";

/**
 * @typedef {object} Transport carries requests to a session, and its replies back, in order
 * @property {boolean} ready whether it is open, with no request under way
 * @property {(request: object) => void} send
 * @property {() => void} close
 */

export class Run {
  history = new History();
  ghosts = new Ghosts();
  takes = new Takes();

  /**
   * @param {import("../store.js").Store} store
   * @param {(on: {onOpen: () => void, onReply: (reply: object) => void, onClose: (why: string) => void}) => Transport} connect
   */
  constructor(store, connect) {
    this.store = store;
    this.unsubscribe = store.subscribe((state, before) => this.follow(state.run, before.run));
    this.transport = connect({
      onOpen: () => store.dispatch({ type: "connected" }),
      onReply: (reply) => this.receive(reply),
      onClose: (why) => {
        this.takes.fail(UNREACHED);
        store.dispatch({ type: "disconnected", why });
      },
    });
  }

  /** Play, or pause. */
  play(playing) {
    const { run, look } = this.store.state;
    if (!playing) return this.store.dispatch({ type: "pause" });
    this.store.dispatch({ type: "play", note: passed(this.history, position(run), rulesOf(look)) });
  }

  /**
   * Something to be exported of this very moment; the run stays as it is. Asked for when nothing
   * else is due, or between two frames of a run that plays. See `live/session.py` for requests.
   *
   * @param {object} request `what`, and what belongs to it
   * @returns {Promise<{header: object, file?: Uint8Array}>} fails with an Error that says why
   */
  take(request) {
    const answer = this.takes.add(request);
    const { online, refused, recipe } = this.store.state.run;
    if (!online) this.takes.fail(UNREACHED);
    else if (refused && refused === recipe) this.takes.fail(NO_RUN);
    else this.send();
    return answer;
  }

  /** The picture is on the screen: the next may be asked for. */
  painted() {
    this.store.dispatch({ type: "painted" });
  }

  close() {
    this.unsubscribe();
    this.takes.fail(UNREACHED);
    this.transport.close();
  }

  // --- what follows -----------------------------------------------------------------------

  /** The state has changed: earlier runs are kept, what never happened is forgotten, and on it goes. */
  follow(run, before) {
    if (run.known < before.known) this.ghosts.keep(before.recipe, this.history);
    this.history.cut(run.known);
    if (run.starts !== before.starts) this.takes.fail(OTHER);
    if (run.refused && run.refused === run.recipe) this.takes.fail(NO_RUN);
    this.send();
  }

  /** Send what is due next, if anything. */
  send() {
    const { state } = this.store;
    if (!this.transport?.ready) return;
    const next = due(state.run, pictureFor(state), state.look.pace, pointOf(state), this.takes.next);
    if (!next) return;
    this.store.dispatch({ type: "sent", sent: { ...next, from: state.run.epoch } });
    this.transport.send(next.request); // its reply may come at once
  }

  receive({ header, arrays }) {
    const { run, look } = this.store.state;
    const { sent } = run;
    if (!sent || header.id !== sent.id) return; // of a connection that is gone
    if (sent.take) this.takes.settle(sent.take, { header, arrays });
    const isGoingOn = isTraining(run, header);
    const isOfThisRun = sent.recipe === run.recipe && header.type !== "error";
    const rows = isOfThisRun && (isGoingOn || !sent.request.epochs) ? arrays.rows : undefined;
    if (rows) this.record(run, sent, header.since, rows.data);
    const stop = isGoingOn && run.playing ? firstStop(this.history, run.epoch, rulesOf(look)) : null;
    this.store.dispatch({
      type: "reply",
      header: { ...header, pictured: Boolean(arrays.planes) },
      rows: rows?.shape[0] ?? 0,
      stop: stop && stop.epoch <= header.epoch ? stop : null,
      frame: { ...header, ...arrays },
      ...(header.type === "opened" ? sceneOf(header, arrays) : {}),
    });
  }

  /** What comes after an edit will be another; what was there stays as an earlier run. */
  record(run, { edit }, since, rows) {
    if (edit && since + 1 < run.known) this.ghosts.keep(run.recipe, this.history);
    this.history.put(since, rows);
  }
}

/** The data set and the network that a run is opened with. */
function sceneOf(header, arrays) {
  const { features, classNames, extent, sharedUnit, sizes, inputs, recipe } = header;
  return {
    net: { sizes, inputs, classNames, output: recipe.output },
    scene: {
      features, classNames, extent, sharedUnit,
      train: { points: arrays.trainPoints.data, labels: arrays.trainLabels.data },
      test: { points: arrays.testPoints.data, labels: arrays.testLabels.data },
    },
  };
}
