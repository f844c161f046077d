/**
 * One run: what is wanted (a recipe, playing or not, which epoch) and what the server has.
 * Knows nothing of how it looks; reports through `on`.
 *
 * One request is under way at a time. The next one always follows from what is wanted and
 * what is known, so a dropped connection needs no special care: reopen, catch up, go on.
 */

import { differences, folded } from "./recipes.js";
import { History } from "./history.js";
import { LiveSocket } from "./socket.js";

export class Run {
  /**
   * @param {string} url of the live socket
   * @param {object} on `scene` (a new data set or start), `frame` (a new picture), `probe`,
   *   `state`, `recipe` (edits made), `message` (words for people)
   */
  constructor(url, on) {
    this.on = on;
    this.history = new History();
    this.playing = false;
    this.pace = 5; // epochs a frame
    this.epoch = 0;
    this.steps = 0; // single epochs still to take
    this.edits = []; // not sent yet
    this.probe = null;
    this.opened = false;
    this.online = true;
    this.diverged = null;
    this.socket = new LiveSocket(url, {
      onOpen: () => {
        this.opened = false;
        this.next();
      },
      onReply: (reply) => this.receive(reply),
      onClose: (why) => {
        this.opened = false;
        this.online = false;
        this.on.message(why || "The server can’t be reached. Trying again; the run goes on from here.");
        this.on.state();
      },
    });
  }

  get state() {
    if (!this.online) return "offline";
    if (this.diverged) return "diverged";
    return this.playing ? "running" : "paused";
  }

  /** Whether the run cannot go on from here as it is. */
  get ended() {
    return Boolean(this.diverged || this.finished);
  }

  // --- what people want ------------------------------------------------------------

  /** The page's recipe: go on with other settings, or start over where they need a new network. */
  want(recipe, liveFields) {
    if (!this.recipe) return this.start(recipe);
    const changed = differences(this.wanted(), recipe);
    if (!changed.length) return;
    if (this.epoch === 0 || !changed.every((name) => liveFields.includes(name))) {
      return this.start(recipe);
    }
    // an edit drops those after it, so what they set is said again
    const later = (this.recipe.edits ?? []).filter(([epoch, , , place]) => epoch > this.epoch && !place);
    const fields = new Set([...changed, ...later.map(([, field]) => field)]);
    for (const field of fields) this.edits.push({ field, value: folded(recipe)[field] });
    this.next();
  }

  /** The recipe with the edits that are still on their way. */
  wanted() {
    return { ...folded(this.recipe), ...Object.fromEntries(this.edits.map((e) => [e.field, e.value])) };
  }

  start(recipe) {
    this.recipe = recipe;
    this.edits = [];
    this.epoch = 0;
    this.steps = 0;
    this.diverged = null;
    this.opened = false;
    this.finished = false;
    this.history.clear();
    this.on.message("");
    this.on.state();
    this.next();
  }

  /** Epoch 0 again, with the settings as they are now. */
  reset() {
    this.playing = false;
    this.start(this.wanted());
    this.on.recipe();
  }

  renew() {
    const recipe = this.wanted();
    this.start({ ...recipe, seed: (recipe.seed + 1) % 2 ** 32 });
  }

  play(playing) {
    if (playing && this.ended) return;
    this.playing = playing;
    this.on.state();
    this.next();
  }

  step() {
    if (this.ended) return;
    this.playing = false;
    this.steps += 1;
    this.on.state();
    this.next();
  }

  look(point) {
    this.probe = point;
    this.probed = false;
    this.next();
  }

  // --- what follows ------------------------------------------------------------------

  /** Send what is due next, if anything. A run that plays waits for `painted` instead. */
  next() {
    if (!this.socket.ready || !this.recipe || this.unpainted) return;
    const request = this.due();
    if (request) {
      this.socket.send({ since: this.history.length, probe: this.probe, ...request });
      this.probed = true;
    }
  }

  due() {
    if (!this.opened) {
      this.serverEpoch = 0;
      this.opening = this.recipe;
      return { op: "open", recipe: this.recipe, since: 0 };
    }
    if (this.serverEpoch < this.epoch && !this.diverged) return { op: "seek", epoch: this.epoch, picture: false };
    if (this.edits.length) return { op: "edit", ...(this.sentEdit = this.edits[0]) };
    if (this.playing) return { op: "frame", epochs: this.pace };
    if (this.steps > 0) return { op: "frame", epochs: 1 };
    if (this.stale) return { op: "frame" };
    if (this.probe && !this.probed) return { op: "frame", picture: false };
    return null;
  }

  receive({ header, arrays }) {
    if (header.type === "error") return this.refuse(header);
    if (header.type === "opened") {
      if (this.opening !== this.recipe) return this.next(); // another recipe since
      this.arrive(header, arrays);
    }
    if (!this.opened) return this.next(); // the answer to a run that is no more
    this.serverEpoch = header.epoch;
    const behind = header.epoch < this.epoch && !header.diverged;
    if (behind) {
      this.stale = true;
      return this.next();
    }
    if (!this.online) {
      this.online = true;
      this.on.message("");
      this.on.state();
    }
    if (this.steps > 0 && header.epoch > this.epoch) this.steps -= 1;
    this.epoch = header.epoch;
    this.finished = header.finished;
    this.history.put(header.since, arrays.rows.data);
    if (header.recipe && header.type === "frame") this.settle(header.recipe);
    if (header.diverged) this.stop(header.diverged);
    else if (header.finished && this.playing) this.stop(null);
    if (header.probe) this.on.probe(header.probe);
    if (arrays.planes) {
      this.stale = false;
      this.unpainted = true; // the picture sets the pace
      this.on.frame({ ...arrays, epoch: header.epoch, metrics: header.metrics });
    } else {
      this.next();
    }
  }

  /** The last frame is about to be painted: ask for the next, to be trained meanwhile. */
  painted() {
    this.unpainted = false;
    this.next();
  }

  arrive(header, arrays) {
    this.opened = true;
    this.recipe = header.recipe;
    this.on.scene({
      features: header.features,
      classNames: header.classNames,
      extent: header.extent,
      sharedUnit: header.sharedUnit,
      train: { points: arrays.trainPoints.data, labels: arrays.trainLabels.data },
      test: { points: arrays.testPoints.data, labels: arrays.testLabels.data },
    });
  }

  settle(recipe) {
    this.recipe = recipe;
    this.diverged = null;
    this.edits = this.edits.filter((edit) => edit !== this.sentEdit);
    this.on.recipe();
    this.on.message("");
    this.on.state();
  }

  stop(why) {
    this.playing = false;
    this.steps = 0;
    this.diverged = why;
    this.on.message(why ?? "The run has reached its last epoch.");
    this.on.state();
  }

  /** The server could not do as asked; it says why, and the run stays as it is. */
  refuse({ message }) {
    this.playing = false;
    this.steps = 0;
    this.edits = this.edits.filter((edit) => edit !== this.sentEdit);
    this.on.message(message);
    this.on.state();
  }

  close() {
    this.socket.close();
  }
}
