/**
 * A server without a network: a session as `live/session.py` has it, whose “weights” are a number
 * computed from everything it was trained with, and a transport to it that loses and delays replies.
 */

import { merged, POINTS, strokesUpTo } from "../../nnviz/stage/run/strokes.js";

const MIX = 2 ** 32;

const mixed = (value, more) => {
  let hash = value;
  for (const letter of String(more)) hash = (Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0) % MIX;
  return hash;
};

/** The runs of recipes, each computed from its start. */
const runs = new Map();

/** The “weights” of a recipe's run at an epoch. */
export const truth = (recipe, epoch) => runTo(recipe, epoch).weights[epoch];

function runTo(recipe, epoch) {
  const name = JSON.stringify(recipe);
  if (!runs.has(name)) runs.set(name, history(recipe));
  const run = runs.get(name);
  while (run.weights.length <= epoch) run.go();
  return run;
}

const UNLUCKY = 151; // one in so many epochs diverges

/** Whether the run of a recipe diverges in the epoch after this one. */
function diverges(recipe, epoch) {
  const { weights, rates } = runTo(recipe, epoch);
  return rates[epoch] > 0.5 && weights[epoch] % UNLUCKY === 0;
}

/** The last epoch that a run reaches, or `most` where it would go further. */
export function endOf(recipe, most) {
  let epoch = 0;
  while (epoch < most && !diverges(recipe, epoch)) epoch += 1;
  return epoch;
}

function history({ edits = [], ...start }) {
  let settings = start;
  const inOrder = [...edits].sort((a, b) => String(a).localeCompare(String(b))); // of one epoch, any order is as good
  const weights = [];
  const rates = []; // at which the epoch after is trained
  const arrive = (value, epoch) => {
    for (const [when, field, change, place] of inOrder) {
      if (when !== epoch) continue;
      if (place || field === POINTS) value = mixed(value, `${field}${change}${place}`);
      else settings = { ...settings, [field]: change };
    }
    weights.push(value);
    rates.push(settings.learning_rate);
  };
  arrive(mixed(2166136261, JSON.stringify([start.seed, start.data, start.hidden])), 0);
  const go = () => arrive(mixed(weights.at(-1), `${settings.learning_rate}/${settings.l2}`), weights.length);
  return { weights, rates, go };
}

/** A row of the detail of a picture, a byte a column, from the “weights” and from what was asked for. */
export const detailRow = (weights, threshold, row, columns) =>
  Array.from({ length: columns }, (_, column) => mixed(weights, [threshold, row, column]) % 256);

/** The number as a history's float32 holds it. */
export const lossOf = (recipe, epoch) => Math.fround((truth(recipe, epoch) % 1000) / 1000);

/** The warning of a server without a network. */
export const healthOf = (recipe, epoch) => (truth(recipe, epoch) % 2 ? `layer 1 of ${truth(recipe, epoch)}` : null);

/** The name of the points at an epoch of a recipe's run: the strokes that made them. */
export const dataOf = (recipe, epoch) => strokesUpTo(recipe, epoch).join("|");

const withEdit = ({ edits = [], ...start }, [epoch, field, value, at]) => {
  const isSame = ([e, f, , p]) => e === epoch && f === field && String(p) === String(at);
  const kept = edits.filter((edit) => edit[0] <= epoch && !isSame(edit));
  if (field === POINTS) value = merged(...edits.filter(isSame).map(([, , stroke]) => stroke), value);
  if (epoch === 0 && !at && field !== POINTS) start = { ...start, [field]: value };
  else kept.push(at ? [epoch, field, value, at] : [epoch, field, value]);
  return kept.length ? { ...start, edits: kept } : start;
};

/** @param {object} one @param {object} other recipes */
const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class Session {
  /** @param {(most: number) => number} [trains] how many of the epochs requested are really trained */
  constructor(trains = (most) => most) {
    Object.assign(this, { trains, recipe: null, epoch: 0, compared: null, others: [] });
  }

  handle(request) {
    const { op, id } = request;
    const refuse = (message) => ({ header: { type: "error", id, message }, arrays: {} });
    if (op === "open") this.open(request);
    else if (!this.recipe) return refuse(`open must come before ${op}`);
    if (op === "compare") return this.compare(request);
    const sizes = [2, ...this.recipe.hidden, 2];
    if (request.network && String(request.network.map(([, n]) => n)) !== String(sizes)) {
      return refuse(`network must name units of layers of ${sizes} units`);
    }
    const isNear = op === "open" || request.epoch === undefined || this.goesTo(request.epoch);
    if (!isNear) {
      const frame = this.frame({ ...request, picture: false });
      return { ...frame, header: { ...frame.header, recipe: undefined, arrived: false } };
    }
    if (op === "detail") return this.detail(request);
    if (op === "export" && request.what === "bad") return refuse("what must be one of link; got bad");
    if (op === "export") return { header: { type: "exported", id, epoch: this.epoch, recipe: this.recipe, what: request.what }, arrays: {} };
    const start = this.epoch;
    if (op === "frame" && request.epochs) this.train(this.trains(request.epochs));
    if (op === "edit") {
      if (request.value === "bad") return refuse("weight must be a number; got bad");
      const { field, value, at } = request;
      if (this.epoch !== request.epoch) return this.frame({ ...request, op: "seek", picture: false }); // its end comes before that
      this.recipe = withEdit(this.recipe, [this.epoch, field, value, at]);
    }
    if (op === "seek" && request.onward && !this.hasMoved) return this.frame({ ...request, picture: false });
    return this.frame(request, start);
  }

  /** A run that was beside the one before begins where that is known to have been, and that one is kept. */
  open({ recipe, epoch = 0 }) {
    const kept = epoch && this.others.find((other) => isEqual(other.recipe, recipe));
    if (kept) this.others = [...this.others.filter((other) => other !== kept), { recipe: this.recipe, epoch: this.epoch }];
    const at = kept ? kept.epoch : 0;
    Object.assign(this, { recipe: { ...recipe }, epoch: at > epoch ? epoch - (epoch % 20) : at, compared: null });
  }

  /** Other runs are beside this one; those that were there go on. */
  compare({ id, key, beside }) {
    const known = this.others;
    this.compared = key;
    this.others = beside.flatMap(({ recipe }) => {
      const same = known.find((other) => recipe && isEqual(other.recipe, recipe));
      return recipe ? [{ recipe, epoch: same?.epoch ?? 0 }] : [];
    });
    return { header: { type: "compared", id, key }, arrays: {} };
  }

  /** The runs beside this one, at its epoch or on their way to it. */
  beside({ compared, known = [] }, arrays) {
    const runs = this.others.map((other, i) => {
      if (other.epoch > this.epoch) other.epoch = this.epoch - (this.epoch % 20);
      const end = endOf(other.recipe, this.epoch);
      other.epoch += this.trains(end - other.epoch);
      const [data, since] = known[i] ?? [null, 0];
      const rows = [];
      for (let at = Math.min(since, other.epoch + 1); at <= other.epoch; at++) rows.push(lossOf(other.recipe, at), 0, 0, 0);
      arrays[`planes${i + 1}`] = { weights: truth(other.recipe, other.epoch) };
      arrays[`rows${i + 1}`] = { data: Float32Array.from(rows), shape: [rows.length / 4, 4] };
      const names = data === null ? { data: "", extent: [[0, 1], [0, 1]], features: ["x₁", "x₂"], classNames: ["a", "b"], sizes: [2, 3, 2] } : {};
      if (data === null) for (const name of ["trainPoints", "trainLabels", "testPoints", "testLabels"]) arrays[`${name}${i + 1}`] = { data: [] };
      return { epoch: other.epoch, isThere: other.epoch === end, diverged: diverges(other.recipe, other.epoch) ? "The loss is no longer finite." : null, finished: diverges(other.recipe, other.epoch), since: Math.min(since, other.epoch + 1), metrics: {}, ...names };
    });
    return { key: compared, arrived: runs.every(({ isThere }) => isThere), runs };
  }

  /** Some rows, as many as are trained of as many epochs. */
  detail({ id, size: [columns, rows], first, threshold }) {
    const { recipe, epoch } = this;
    const most = Math.max(1, Math.min(this.trains(rows - first), rows - first));
    const weights = truth(recipe, epoch);
    const data = Array.from({ length: most }, (_, i) => detailRow(weights, threshold, first + i, columns)).flat();
    const arrays = {
      planes: { data: Uint8Array.from(data), shape: [1, most, columns] },
      lines: { data: Float32Array.of(first, weights % 1000, first + most, weights % 1000), shape: [2, 2] },
      lineStarts: { data: Uint32Array.of(0), shape: [1] },
    };
    return { header: { type: "detail", id, epoch, first }, arrays };
  }

  /** Whether it is at an epoch after one request, or at its end. */
  goesTo(epoch) {
    const before = this.epoch;
    if (this.epoch > epoch) this.epoch = epoch - (epoch % 20);
    if (epoch > this.epoch) this.train(this.trains(epoch - this.epoch));
    this.hasMoved = this.epoch !== before;
    return this.epoch === epoch || diverges(this.recipe, this.epoch);
  }

  train(most) {
    const { recipe } = this;
    for (let left = most; left > 0 && !diverges(recipe, this.epoch); left--) this.epoch += 1;
  }

  frame(request, start = this.epoch) {
    const { recipe, epoch } = this;
    const isOver = diverges(recipe, epoch);
    const since = Math.min(request.since === null ? start + 1 : (request.since ?? 0), epoch + 1);
    const rows = [];
    for (let at = since; at <= epoch; at++) rows.push(lossOf(recipe, at), lossOf(recipe, at), 0.5, 0.5);
    const probe = request.probe ?? (request.op === "open" ? [recipe.data.length / 2, 0.5] : null); // the middle
    const isPictured = request.picture !== false;
    const header = {
      type: request.op === "open" ? "opened" : "frame", id: request.id, epoch, finished: isOver, diverged: isOver ? "The loss is no longer finite." : null, since,
      ...(request.op === "open" || request.op === "edit" ? { recipe: structuredClone(recipe) } : {}),
      ...(request.op === "open"
        ? { sizes: [2, ...recipe.hidden, 2], inputs: ["x₁", "x₂"], classNames: ["a", "b", "c", "d"].slice(0, recipe.classes ?? 2), features: ["x₁", "x₂"], extent: [[0, recipe.data.length], [0, 1]] }
        : {}),
      ...(request.health ? { health: healthOf(recipe, epoch) } : {}),
      ...(probe ? { probe: { at: probe, probabilities: [lossOf(recipe, epoch), 0.5] } } : {}),
    };
    if (isPictured && request.steps && !isOver) header.steps = request.steps;
    const arrays = { rows: { data: Float32Array.from(rows), shape: [rows.length / 4, 4] } };
    if (isPictured) arrays.planes = { weights: truth(recipe, epoch), asked: request };
    if (isPictured && request.compared && request.compared === this.compared) header.beside = this.beside(request, arrays);
    const data = dataOf(recipe, epoch);
    const hasOthers = isPictured && data !== (request.data ?? "");
    if (hasOthers || request.op === "open") header.data = data;
    if (request.op === "open") header.nAtStart = recipe.data === "drawing" ? 0 : 3;
    if (hasOthers || request.op === "open") {
      for (const name of ["trainPoints", "trainLabels", "testPoints", "testLabels"]) arrays[name] = { data: [] };
      if (recipe.output === "step") {
        arrays.trainPoints.data.push(0, 0, 1, 1, 0, 1);
        arrays.trainLabels.data.push(0, 1, 0);
      }
    }
    return { header, arrays };
  }
}

/** A transport in which the test decides when each thing happens. */
export class Line {
  constructor(on, trains) {
    Object.assign(this, { on, trains, isOpen: false, due: [], replies: [], late: [], sent: [], handled: 0 });
  }

  get ready() {
    return this.isOpen;
  }

  /** Whether a request or its reply is under way. */
  get isBusy() {
    return this.due.length + this.replies.length > 0;
  }

  /**
   * A request: where it says where the run has to be, frames and seeks before it are dropped; details
   * are in any case.
   */
  send(request) {
    this.sent.push(request);
    if (request.op !== "detail") {
      this.due = this.due.map((other) => (other.op === "detail" ? { op: "dropped", id: other.id } : other));
    }
    if (request.op === "open" || (request.epoch !== undefined && !request.onward)) {
      this.due = this.due.map((other) => (other.op === "frame" || other.op === "seek" ? { op: "dropped", id: other.id } : other));
    }
    this.due.push(JSON.parse(JSON.stringify(request)));
  }

  open() {
    if (this.isOpen) return;
    Object.assign(this, { isOpen: true, session: new Session(this.trains) });
    this.on.onOpen();
  }

  /** The server carries out the next request. */
  work() {
    const request = this.due.shift();
    if (!request) return;
    const isDropped = request.op === "dropped";
    this.replies.push(isDropped ? { header: { type: "dropped", id: request.id }, arrays: {} } : this.session.handle(request));
    this.handled += isDropped ? 0 : 1;
  }

  /** The next reply arrives. */
  deliver() {
    const reply = this.replies.shift();
    if (reply) this.on.onReply(reply);
  }

  /** The connection drops, with whatever is under way. */
  drop() {
    if (!this.isOpen) return;
    this.late.push(...this.replies);
    Object.assign(this, { isOpen: false, due: [], replies: [] });
    this.on.onClose("");
  }

  /** A reply of an earlier connection arrives. */
  deliverLate() {
    const reply = this.late.pop();
    if (reply) this.on.onReply(reply);
  }

  /** The next request and its reply. */
  turn() {
    this.work();
    this.deliver();
  }

  close() {
    this.isOpen = false;
  }
}
