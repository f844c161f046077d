/**
 * One run: what is wanted (a recipe, playing or not, which epoch) and what the server has.
 * Knows nothing of how it looks; reports through `on`.
 *
 * One request is under way at a time. The next one always follows from what is wanted and
 * what is known, so a dropped connection needs no special care: reopen, catch up, go on.
 */

import { differences, folded, laterFields, withoutEdit } from "./recipes.js";
import { Ghosts } from "./ghosts.js";
import { History } from "./history.js";
import { LiveSocket } from "./socket.js";
import { firstStop, passed } from "./stops.js";
import { Takes } from "./take-queue.js";

const UNREACHED = "The server can’t be reached. Try again when the run is back.";
const FAR = 5000; // epochs, after which people are told that a replay is under way

export class Run {
  /**
   * @param {string} url of the live socket
   * @param {object} on `scene` (a new data set or start), `frame` (a new picture), `probe`,
   *   `state`, `recipe` (edits made), `message` (words for people; "note" where nothing is wrong)
   */
  constructor(url, on) {
    this.on = on;
    this.history = new History();
    this.ghosts = new Ghosts();
    this.rules = {}; // where to stop
    this.playing = false;
    this.pace = 5; // epochs a frame
    this.epoch = 0;
    this.target = null; // an epoch to go to
    this.steps = 0; // single epochs still to take
    this.edits = []; // not sent yet
    this.takes = new Takes(); // what is to be taken away of this moment
    this.seen = {}; // what pictures are to show besides field and boundary
    this.probe = null;
    this.starts = 0; // runs begun
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
        this.takes.fail(UNREACHED);
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

  /**
   * The page's recipe: go on with other settings, or start over where they need a new network.
   * @param {number} [epoch] to be shown of just this recipe, which a link or a file has named
   */
  want(recipe, liveFields, epoch) {
    this.liveFields = liveFields;
    if (epoch !== undefined) return this.visit(recipe, epoch);
    if (!this.recipe) return this.start(recipe);
    const changed = differences(this.wanted(), recipe);
    if (!changed.length) return;
    if (!changed.every((name) => liveFields.includes(name))) return this.start(recipe);
    const settings = folded(recipe);
    this.change(changed.map((field) => ({ field, value: settings[field] })));
  }

  /**
   * Edits from the epoch on that is shown, or that is being gone to. They drop those after it, so
   * what these set is said again.
   */
  change(edits) {
    const epoch = this.target ?? this.epoch;
    if (epoch < this.history.last) this.ghosts.keep(this.recipe, this.history); // its end will go
    const settings = this.wanted();
    const said = edits.map(({ field }) => field);
    const again = laterFields(this.recipe, epoch).filter((field) => !said.includes(field));
    for (const edit of [...edits, ...again.map((field) => ({ field, value: settings[field] }))]) {
      // a run that plays does not go back for it
      const next = { edit, epoch: this.playing ? null : epoch };
      const target = JSON.stringify([edit.field, edit.at, next.epoch]);
      const isReplaced = (other) => JSON.stringify([other.edit.field, other.edit.at, other.epoch]) === target;
      this.edits = this.edits.filter((other) => other === this.sentEdit || !isReplaced(other));
      this.edits.push(next);
    }
    this.next();
  }

  /** One weight from this epoch on. @param {number[]} at matrix, row and column; row 0 the bias */
  setWeight(at, value) {
    this.change([{ field: "weight", value, at }]);
  }

  /** Take back one edit of the recipe: what came after it is trained anew. */
  removeEdit(edit) {
    const [epoch] = edit;
    this.ghosts.keep(this.recipe, this.history);
    this.recipe = withoutEdit(this.recipe, edit);
    this.history.cut(epoch);
    this.reopen();
  }

  /** The recipe with the edits that are still on their way. */
  wanted() {
    const settings = this.edits.filter(({ edit }) => !edit.at).map(({ edit }) => [edit.field, edit.value]);
    return { ...folded(this.recipe), ...Object.fromEntries(settings) };
  }

  /** Rest at an epoch of a recipe, edits and all. */
  visit(recipe, epoch) {
    this.playing = false;
    if (JSON.stringify(recipe) === JSON.stringify(this.recipe)) this.go(epoch);
    else this.start(recipe, epoch);
    if (epoch < this.history.last + FAR) return;
    this.replaying = epoch;
    this.on.message(`Replaying the run to epoch ${epoch}.`, "note");
  }

  start(recipe, epoch = 0) {
    if (this.recipe) this.ghosts.keep(this.recipe, this.history);
    this.starts += 1;
    this.recipe = recipe;
    this.edits = [];
    this.epoch = 0;
    this.target = epoch || null;
    this.steps = 0;
    this.finished = false;
    this.history.cut(0);
    this.on.message("");
    this.reopen();
  }

  /** The same epoch again on the recipe as it is now. */
  reopen() {
    this.diverged = null;
    this.opened = false;
    this.on.state();
    this.next();
  }

  /** Epoch 0 again, with the settings as they are now and the weights set by hand at the start. */
  reset() {
    this.playing = false;
    const first = (this.recipe.edits ?? []).filter(([epoch, , , place]) => epoch === 0 && place);
    this.start(first.length ? { ...this.wanted(), edits: first } : this.wanted());
    this.on.recipe();
  }

  renew() {
    const recipe = this.wanted();
    this.start({ ...recipe, seed: (recipe.seed + 1) % 2 ** 32 });
  }

  play(playing) {
    if (playing && this.ended) return;
    this.playing = playing;
    if (playing) this.on.message(passed(this.history, this.epoch, this.rules));
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

  /** Go to an epoch the run has been at. */
  go(epoch) {
    this.playing = false;
    this.steps = 0;
    this.diverged = null;
    this.finished = false;
    this.target = epoch;
    this.on.state();
    this.next();
  }

  look(point) {
    this.probe = point;
    this.probed = false;
    this.next();
  }

  /** What pictures are to show from now on: fields of a request, see `live/requests.py`. */
  see(fields) {
    if (JSON.stringify(fields) === JSON.stringify(this.seen)) return;
    this.seen = fields;
    this.stale = true;
    this.next();
  }

  /**
   * Something to take away of this very moment; the run stays as it is. Asks when nothing else is
   * due, or between two frames of a run that plays. See `live/session.py` for requests.
   *
   * @param {object} request `what`, and what belongs to it
   * @returns {Promise<{header: object, file?: Uint8Array}>} fails with an Error in words
   */
  take(request) {
    const answer = this.takes.add(request);
    if (!this.online) this.takes.fail(UNREACHED);
    this.next();
    return answer;
  }

  // --- what follows ------------------------------------------------------------------

  /** Send what is due next, if anything. A run that plays waits for `painted` instead. */
  next() {
    if (!this.socket.ready || !this.recipe || this.unpainted || this.handling) return;
    const request = this.due();
    if (!request) return;
    this.sent = request;
    if (request.op === "take") return this.socket.send(request);
    // what is to be seen may change while the answer is on its way
    if (request.picture !== false && request.op !== "open") this.stale = false;
    this.socket.send({ since: this.history.length, probe: this.probe, ...request });
    this.probed = true;
  }

  due() {
    if (!this.opened) {
      if (this.refused === this.recipe) return this.takes.fail("There is no run to take anything of.");
      this.opening = this.recipe;
      return { op: "open", recipe: this.recipe, since: 0 };
    }
    if (this.edits.length) return this.dueEdit(this.edits[0]);
    if (this.target !== null) return { op: "seek", epoch: this.target, ...this.seen };
    if (this.steps > 0 && !this.playing) return { op: "frame", epochs: 1, ...this.seen };
    if (this.takes.next) return { op: "take", ...this.takes.next };
    if (this.playing) return { op: "frame", epochs: this.pace, ...this.seen };
    if (this.stale) return { op: "frame", ...this.seen };
    if (this.probe && !this.probed) return { op: "frame", picture: false };
    return null;
  }

  /** The edit, at its own epoch. */
  dueEdit(next) {
    if (next.epoch !== null && next.epoch !== this.epoch) return { op: "seek", epoch: next.epoch, picture: false };
    this.sentEdit = next;
    return { op: "edit", ...next.edit, ...this.seen, since: this.epoch, picture: this.edits.length === 1 };
  }

  receive(reply) {
    this.handling = true; // nothing is sent until the whole answer is taken in
    try {
      if (this.sent.op === "take") this.takes.settle(reply);
      else this.takeIn(reply);
    } finally {
      this.handling = false;
    }
    this.next();
  }

  takeIn({ header, arrays }) {
    if (header.type === "error") return this.refuse(header);
    const isAnother = header.type === "opened" && this.opening !== this.recipe;
    if (isAnother || (header.type !== "opened" && !this.opened)) return; // the answer to a run that is no more
    if (header.type === "opened") this.arrive(header, arrays);
    this.backOnline();
    const isEdited = header.type === "frame" && header.recipe;
    if (isEdited) this.history.cut(header.since); // what came after will be another
    const known = this.history.last;
    this.history.put(header.since, arrays.rows.data);
    if (header.type === "opened" && this.passesStart()) return;
    const before = this.epoch;
    this.epoch = header.epoch;
    this.finished = header.finished;
    if (this.steps > 0 && this.epoch > before) this.steps -= 1;
    if (isEdited) this.settle(header.recipe);
    if (this.epoch === this.target || (header.diverged && this.sent.op === "seek")) this.arriveAt(this.target);
    if (this.playing && this.stopsAfter(before, known)) return;
    this.diverged = header.diverged;
    if (this.diverged) this.stop(this.diverged);
    else if (header.finished && this.playing) this.stop("The run has reached its last epoch.");
    if (header.probe) this.on.probe(header.probe);
    if (!arrays.planes) return;
    this.unpainted = this.pictured = true; // the picture sets the pace
    this.on.frame({ ...header, ...arrays });
  }

  /**
   * Whether the start of the run is not to be shown on the way to where it was before, or to the
   * first picture of all; but what is shown of another run does not stay, nor a far one blank.
   */
  passesStart() {
    return this.target !== null && (this.epoch > 0 || !(this.pictured || this.replaying));
  }

  /** The epoch to go to is reached, or as near as the run comes to it. */
  arriveAt(epoch) {
    this.target = null;
    if (this.replaying === epoch) this.on.message("");
    this.replaying = null;
  }

  /** Whether a rule says stop among the epochs just trained; the run then goes to where it says. */
  stopsAfter(epoch, known) {
    const stop = firstStop(this.history, epoch, this.rules);
    if (!stop || stop.epoch > this.epoch) return false;
    if (stop.best === undefined) this.history.cut(Math.max(stop.epoch, known) + 1); // as if it had not gone on
    this.on.message(stop.why, "note");
    this.go(stop.best ?? stop.epoch);
    return true;
  }

  /** The last frame is about to be painted: ask for the next, to be trained meanwhile. */
  painted() {
    this.unpainted = false;
    this.next();
  }

  arrive(header, arrays) {
    this.opened = true;
    this.recipe = header.recipe;
    if (this.epoch > 0) this.target ??= this.epoch; // catch up
    this.seen = {}; // the units to be seen may be no more
    this.on.scene({
      features: header.features,
      classNames: header.classNames,
      extent: header.extent,
      sharedUnit: header.sharedUnit,
      train: { points: arrays.trainPoints.data, labels: arrays.trainLabels.data },
      test: { points: arrays.testPoints.data, labels: arrays.testLabels.data },
    }, { sizes: header.sizes, inputs: header.inputs, classNames: header.classNames, output: header.recipe.output });
  }

  backOnline() {
    if (this.online) return;
    this.online = true;
    this.on.message("");
    this.on.state();
  }

  settle(recipe) {
    this.recipe = recipe;
    this.diverged = null;
    this.edits = this.edits.filter((edit) => edit !== this.sentEdit);
    if (!this.edits.length) this.on.recipe();
    this.on.message("");
    this.on.state();
  }

  stop(why) {
    this.playing = false;
    this.steps = 0;
    this.on.message(why);
    this.on.state();
  }

  /** The server could not do as asked; it says why, and the run stays as it is. */
  refuse({ message }) {
    this.playing = false;
    this.steps = 0;
    this.target = null;
    if (this.sent.op === "open") this.refused = this.opening; // not again
    if (this.sent.op === "edit") {
      this.edits = this.edits.filter((edit) => edit !== this.sentEdit);
      this.on.recipe(); // those made before it
    }
    this.seen = {};
    this.stale = true; // what is shown may hold what was refused
    this.on.message(message);
    this.on.state();
  }

  close() {
    this.socket.close();
  }
}
