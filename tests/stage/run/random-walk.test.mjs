/**
 * Random walks of a run against a scripted line: people play, edit, scrub, stop and reset at any
 * time, while frames that were requested ahead, and details of the picture at rest, are late, dropped,
 * superseded, lost, or of connections that are gone. Whatever happens, what is shown is what recipe and epoch make of it.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { keyOf, MOST, othersOf } from "../../../nnviz/stage/compare/companions.js";
import { editsOf, position, settings, warningOf, wholeRecipe } from "../../../nnviz/stage/run/run-state.js";
import { pictureFor } from "../../../nnviz/stage/stage-state.js";
import { startedAgain, withEdit } from "../../../nnviz/stage/run/recipes.js";
import { strokeOf } from "../../../nnviz/stage/run/strokes.js";
import { Harness, LOOK, RECIPE } from "../harness.mjs";
import { dataOf, detailRow, endOf, healthOf, lossOf, truth } from "../session.mjs";

const PERCEPTRON = { ...RECIPE, hidden: [], output: "step", batch_size: 1 };
const STEPS = 60_000;
const WALKS = 300;

/** mulberry32: a seeded generator of numbers in 0…1. */
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Walk {
  constructor(seed) {
    this.random = generator(seed);
    this.stage = new Harness({ trains: (most) => Math.max(Math.min(1, most), Math.floor(most * Math.max(0.3, this.random()))) });
    Object.defineProperty(this.stage.run.credit, "window", { get: () => 1 + this.whole(12) }); // any, at any time
    this.stage.line.open();
    this.stage.opens(RECIPE);
    this.wanted = RECIPE; // what people have made of it
    this.shown = null;
    this.details = 0; // fine pictures shown
    this.midEpoch = 0; // pictures in the middle of an epoch
    this.compared = 0; // pictures of runs side by side
    this.stage.store.subscribe((state, before) => state.frame !== before.frame && this.check(state, before.run));
    this.handedOn = 0; // from a run that had ended to one beside it
    this.stage.store.subscribe(({ run }, before) => {
      if (run.message === before.run.message || !run.message.text.endsWith(" is the active run now.")) return;
      this.wanted = run.recipe;
      this.handedOn += 1;
    });
    this.exported = new Map(); // by the id of its request: the moment at which it was requested
    this.stage.store.subscribe(({ run }, before) => {
      const sent = run.requests > before.run.requests && run.sent.at(-1);
      if (sent.exported) this.exported.set(sent.id, { epoch: run.epoch, recipe: run.recipe });
    });
    const { onReply } = this.stage.line.on;
    this.stage.line.on.onReply = (reply) => {
      const { type, id, epoch, recipe } = reply.header;
      if (type === "exported") assert.deepEqual({ epoch, recipe }, this.exported.get(id), "an export of another moment");
      onReply(reply);
    };
  }

  whole(below) {
    return Math.floor(this.random() * below);
  }

  /** The name of what is done next. */
  move() {
    let left = this.random() * WHOLE;
    return MOVES.find(([, share]) => (left -= share) < 0)[0];
  }

  pick(choices) {
    return choices[this.whole(choices.length)];
  }

  /** Every picture is of the run that people have, with the edits known; none moves by itself. */
  check({ run, frame, look, scene }, before) {
    this.checkPicture(run, frame);
    this.checkBeside(look, frame);
    assert.equal(scene.data, dataOf(run.recipe, frame.epoch), "points of another moment");
    assert.equal(run.epoch, frame.epoch);
    const isSame = before.starts === run.starts && before.epoch !== null;
    if (isSame && before.target === null && before.edits.length && before.edits.length === run.edits.length) {
      assert.equal(frame.epoch, before.epoch, "the run goes on before an edit is made");
    }
    const isCutShort = run.diverged !== null && frame.epoch < before.epoch; // after an edit at an earlier epoch
    if (isSame && !before.playing && !before.epochsToTrain && before.target === null && !isCutShort) {
      assert.equal(frame.epoch, before.epoch, "a run that rests has moved");
    }
    if (isSame && before.target === null && run.target === null && !isCutShort) {
      const most = Math.max(look.pace, 1);
      assert.ok(frame.epoch >= before.epoch && frame.epoch - before.epoch <= most, `epoch ${frame.epoch} cannot follow on ${before.epoch}`);
    }
    if (isSame && !before.playing && before.epochsToTrain && before.target === null && !before.edits.length) {
      assert.ok(frame.epoch - before.epoch <= 1, "a step has taken more than one epoch");
    }
  }

  /** The picture is of this run and epoch, and with what it was requested with where it is fine. */
  checkPicture({ recipe, pictureKey }, { epoch, planes, lines, lineStarts, isFine, steps }) {
    const weights = truth(recipe, epoch);
    if (pictureKey) assert.equal(steps, JSON.parse(pictureKey).steps, "a picture of another sample"); // else runs beside are on their way
    if (steps) this.midEpoch += 1;
    if (!isFine) return assert.equal(planes.weights, weights, "a picture of another run");
    const [, rows, columns] = planes.shape;
    const { threshold } = JSON.parse(pictureKey);
    const expected = Array.from({ length: rows }, (_, row) => detailRow(weights, threshold, row, columns)).flat();
    assert.deepEqual([...planes.data], expected, "a detail of another picture");
    const xs = [...lines.data].filter((_, i) => i % 2 === 0);
    assert.equal(xs[0], 0);
    assert.equal(xs.at(-1), rows);
    xs.slice(1, -1).forEach((x, i) => i % 2 === 0 && assert.equal(x, xs[i + 2], "lines of the pieces do not meet"));
    assert.deepEqual([...lineStarts.data], Array.from({ length: xs.length / 2 }, (_, i) => 2 * i));
    this.details += 1;
  }

  /** Each run side by side is at the epoch of the picture, at its end or on its way there. */
  checkBeside({ beside }, { epoch, ...frame }) {
    if (!frame.beside || frame.beside.key !== keyOf(beside)) return;
    othersOf(beside).forEach((recipe, i) => {
      const run = frame.beside.runs[i];
      const end = endOf(recipe, epoch);
      assert.ok(run.epoch <= end, "a run beside is ahead");
      if (frame.beside.arrived) assert.equal(run.epoch, end, "a run beside has not arrived");
      assert.equal(frame[`planes${i + 1}`].weights, truth(recipe, run.epoch), "a picture of another run beside");
    });
    this.compared += 1;
  }

  /** What people have made of the run by a change; false where they are beyond its end. */
  edit(change) {
    const epoch = position(this.stage.state.run);
    if (epoch > endOf(this.wanted, epoch)) return false;
    const before = this.wanted;
    this.wanted = withEdit(before, { ...change, epoch });
    const ends = new Map((before.edits ?? []).filter(([at, field, , place]) => at > epoch && !place && field !== "points").map(([, field, value]) => [field, value]));
    for (const [field, value] of ends) {
      if (change.at || field !== change.field) this.wanted = withEdit(this.wanted, { epoch, field, value }); // as the sidebar shows it
    }
    return true;
  }

  // --- what people do ----------------------------------------------------------------------

  play() {
    this.stage.run.play(this.random() < 0.7);
  }

  /** Pause and play on at once, while frames are under way. */
  toggle() {
    this.stage.run.play(false);
    this.stage.run.play(true);
  }

  step() {
    this.stage.do("step");
  }

  scrub() {
    const { epoch, knownEpochs } = this.stage.state.run;
    this.stage.do("go", { epoch: this.pick([this.whole(knownEpochs), this.whole(Math.min(3, knownEpochs)), epoch ?? 0]) });
  }

  weight() {
    const change = { field: "weight", at: [0, this.whole(3), this.whole(3)], value: this.whole(5) };
    if (this.stage.state.run.epoch === null || !this.edit(change)) return;
    this.stage.do("weight", { ...change, settled: this.random() < 0.7 });
  }

  /** A point is drawn, moved or erased, and the stroke may go on. */
  draw() {
    const number = this.whole(6);
    const mark = this.random() < 0.3 ? { number } : { number, label: this.whole(2), place: [this.whole(9), this.whole(9)] };
    const { run } = this.stage.state;
    if (run.epoch === null || position(run) > endOf(this.wanted, position(run))) return;
    this.stage.do("draw", { marks: [mark] });
    this.edit({ field: "points", value: strokeOf([mark]) }); // where a rule has stopped the run meanwhile, there
    this.stage.do(this.random() < 0.5 ? "apply" : "lift");
  }

  /** The last stroke is undone at the epoch shown, or done again. */
  undo() {
    const { pen } = this.stage.state;
    const [type, value] = this.random() < 0.6 ? ["undo", pen.undo.at(-1)?.before] : ["redo", pen.redo.at(-1)?.after];
    if (value && this.edit({ field: "points", value })) this.stage.do(type);
  }

  /** A weight that the server refuses: all stays as it was. */
  refusal() {
    this.stage.do("weight", { at: [1, 0, 0], value: "bad" });
  }

  /** Whether an edit is under way that the server refuses: until then, it counts. */
  get isToBeRefused() {
    return this.stage.state.run.edits.some(({ value }) => value === "bad");
  }

  export() {
    this.stage.run.export({ what: this.pick(["link", "bad"]) }).catch(() => {});
  }

  setting() {
    const [field, value] = this.pick([["learning_rate", 0.3 * (1 + this.whole(4))], ["l2", 0.01 * this.whole(3)]]);
    if (settings(this.stage.state.run)[field] === value) return;
    if (!this.edit({ field, value })) return;
    if (this.random() < 0.5) this.stage.changes({ [field]: value });
    else this.stage.do("setting", { field, value }); // by a dial
  }

  /** A copy of the run beside it. */
  compare() {
    if (!this.isToBeRefused) this.stage.do("compare");
  }

  /** Another one is the active run, or is taken away. */
  turnTo() {
    const { look, run } = this.stage.state;
    if (!look.beside.length || this.isToBeRefused || !run.recipe) return;
    const place = this.whole(look.beside.length);
    const type = this.pick(["activate", "dismiss", "name"]);
    const isActive = !look.beside[place].recipe;
    const next = type === "activate" ? place : isActive ? (place ? place - 1 : 1) : null;
    const chosen = type === "name" || next === null ? null : look.beside[next]?.recipe;
    if (chosen) this.wanted = chosen;
    this.stage.do(type, { place, name: this.pick(["", "a"]) });
    assert.ok(this.stage.state.look.beside.length <= MOST);
  }

  network() {
    const fields = { hidden: [1 + this.whole(4)] };
    if (this.isToBeRefused || String(settings(this.stage.state.run).hidden) === String(fields.hidden)) return;
    this.wanted = startedAgain(this.wanted, { ...settings(this.stage.state.run), ...fields });
    this.stage.changes(fields);
  }

  remove() {
    const edits = editsOf(this.stage.state.run);
    if (!edits.length || this.isToBeRefused) return;
    const edit = this.pick(edits);
    if (this.stage.state.run.edits.some(({ epoch, value }) => epoch === edit[0] && value === edit[2])) {
      this.stage.do("remove", { edit }); // on its way: as if it had never been made
      this.wanted = wholeRecipe(this.stage.state.run);
      return;
    }
    const kept = this.wanted.edits.filter((other) => JSON.stringify(other) !== JSON.stringify(edit));
    const { edits: _, ...start } = this.wanted;
    const without = kept.length ? { ...start, edits: kept } : start;
    // what waits for an epoch that the run then never comes to moves to its end: see run.test.mjs
    if (this.stage.state.run.edits.some(({ epoch }) => epoch > endOf(without, epoch))) return;
    this.wanted = without;
    this.stage.do("remove", { edit });
  }

  reset() {
    if (this.isToBeRefused) return;
    const first = (this.wanted.edits ?? []).filter(([epoch, , , place]) => epoch === 0 && place);
    this.wanted = startedAgain(this.wanted, settings(this.stage.state.run), first);
    this.stage.do("reset");
  }

  renew() {
    if (this.isToBeRefused) return;
    const now = settings(this.stage.state.run);
    this.wanted = startedAgain(this.wanted, { ...now, seed: now.seed + 1 });
    this.stage.do("renew");
  }

  link() {
    const recipe = { ...this.pick([RECIPE, RECIPE, PERCEPTRON]), seed: this.whole(3), ...(this.random() < 0.5 ? { edits: [[30, "l2", 0.02]] } : {}) };
    this.wanted = recipe;
    const beside = this.random() < 0.3 ? [{ recipe: { ...RECIPE, seed: 1 } }, {}] : [];
    this.stage.opens(recipe, this.whole(200), { ...LOOK, beside, tab: this.pick(["curves", "network"]), pace: this.pick([0, 5]) });
  }

  /** Slowly, or quickly again. */
  pace() {
    this.stage.do("look", { changes: { pace: this.pick([0, 0, 1, 5]) } });
  }

  /** A quarter of a second has gone by: a perceptron that plays slowly goes on by a sample. */
  tick() {
    this.stage.do("nextSample");
  }

  rule() {
    const rules = { stop_epoch: this.whole(300), stop_loss: this.random() / 10, stop_patience: 1 + this.whole(40) };
    const rule = this.pick(Object.keys(rules));
    this.stage.do("look", { changes: { [rule]: this.random() < 0.5 ? null : rules[rule] } });
  }

  look() {
    const { net } = this.stage.state;
    if (this.random() < 0.3) {
      return this.stage.do("look", { changes: { view: this.pick(["blend", "threshold"]), threshold: this.pick([0.3, 0.5]) } });
    }
    if (this.random() < 0.5) return this.stage.do("look", { changes: { tab: this.pick(["curves", "network"]) } });
    if (net) this.stage.do("units", { units: { sizes: net.sizes, network: net.sizes.map((n) => [0, n]) } });
  }

  /** The display has come to rest, or says so although something has happened since. */
  still() {
    this.stage.do("rest", { size: this.pick([[2, 7], [3, 4]]) });
  }

  hover() {
    this.stage.do("hover", { point: this.random() < 0.3 ? null : [this.random(), this.random()] });
  }

  // --- what the line does ----------------------------------------------------------------

  work() {
    for (let times = 1 + this.whole(4); times > 0; times--) this.stage.line.work();
  }

  deliver() {
    for (let times = 1 + this.whole(4); times > 0; times--) this.stage.line.deliver();
  }

  turn() {
    this.stage.paint();
    this.stage.line.turn();
    this.stage.paint();
  }

  paint() {
    this.stage.paint();
  }

  drop() {
    this.stage.line.drop();
  }

  open() {
    this.stage.line.open();
  }

  deliverLate() {
    this.stage.line.deliverLate();
  }

  /** The runs side by side are there, with their histories. */
  restBeside() {
    const { look, frame, beside } = this.stage.state;
    if (!look.beside.length) return assert.deepEqual(beside, []);
    assert.equal(frame.beside?.key, keyOf(look.beside), "the runs side by side are others");
    assert.ok(frame.beside.arrived);
    assert.deepEqual(beside.map(({ recipe }) => recipe), othersOf(look.beside));
    for (const { recipe, scene } of beside) {
      const history = this.stage.run.histories.of(recipe);
      assert.ok(scene);
      assert.ok(history.length > endOf(recipe, frame.epoch), "the history of a run beside has a gap");
      for (let epoch = 0; epoch < history.length; epoch++) assert.equal(history.trainLoss(epoch), lossOf(recipe, epoch));
    }
  }

  /** Everything comes to rest: line, session, history and pictures agree with recipe and epoch. */
  rest() {
    this.stage.run.play(false);
    this.stage.do("lift");
    this.stage.settle();
    const drop = { field: "weight", at: [0, 0, 0], value: this.whole(5) };
    this.edit(drop); // ends a drag
    this.stage.do("weight", drop);
    this.stage.settle();
    const { run, frame, answer, page } = this.stage.state;
    assert.deepEqual(run.edits, []);
    assert.equal(run.target, null);
    assert.equal(run.epochsToTrain, 0);
    assert.equal(run.pictureKey, JSON.stringify(pictureFor(this.stage.state)), "the picture lacks what is looked at");
    assert.equal(page.isDragging, false);
    const warning = run.recipe.hidden.length && !run.diverged ? healthOf(run.recipe, run.epoch) : null;
    assert.equal(warningOf(run), warning ?? "", "a warning of another moment");
    assert.deepEqual(sorted(run.recipe), sorted(this.wanted), "an edit is lost, or somewhere else");
    assert.equal(frame.epoch, run.epoch);
    this.checkPicture(run, frame);
    assert.equal(answer.probabilities[0], lossOf(run.recipe, run.epoch), "probabilities of another moment");
    assert.deepEqual(sorted(JSON.parse(page.content).recipe), sorted(this.wanted), "the page gets a report of another run");
    const { session } = this.stage.line;
    assert.deepEqual(session.recipe, run.recipe);
    assert.equal(session.epoch, run.epoch);
    assert.equal(this.stage.run.history.length, run.knownEpochs);
    assert.ok(run.knownEpochs > run.epoch);
    this.restBeside();
    this.still();
    this.stage.turns(this.whole(3));
    this.still(); // another size, at times
    this.stage.settle();
    assert.ok(this.stage.state.frame.isFine, "a picture at rest stays coarse");
    assert.equal(this.stage.state.frame.epoch, run.epoch);
    for (let epoch = 0; epoch < run.knownEpochs; epoch++) {
      assert.equal(this.stage.run.history.trainLoss(epoch), lossOf(run.recipe, epoch), `the history at epoch ${epoch}`);
    }
  }
}

/** A recipe as it compares: in what order changes of one epoch were made does not matter. */
const sorted = ({ edits = [], ...start }) => [Object.entries(start).sort(), edits.map((edit) => JSON.stringify(edit)).sort()];

/** How often each is done. */
const MOVES = Object.entries({
  turn: 14, work: 6, deliver: 4, paint: 6, drop: 1, open: 3, deliverLate: 2,
  play: 5, toggle: 2, step: 2, scrub: 3, weight: 3, setting: 2, remove: 1, look: 2, hover: 1, rule: 1, still: 3, pace: 1, tick: 6,
  refusal: 1, export: 2, draw: 3, undo: 1,
  network: 0.4, reset: 0.4, renew: 0.4, link: 0.4, compare: 0.7, turnTo: 1,
});
const WHOLE = MOVES.reduce((sum, [, share]) => sum + share, 0);

test(`${WALKS} random walks of ${STEPS} steps in all`, () => {
  const first = Number(process.env.NNVIZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  for (let number = 0; number < WALKS; number++) {
    const walk = new Walk(first + number);
    const done = [];
    try {
      for (let step = 0; step < STEPS / WALKS; step++) {
        done.push(walk.move());
        walk[done.at(-1)]();
        if (step % 25 === 24) {
          done.push("rest");
          walk.rest();
        }
      }
    } catch (error) {
      error.message = `${error.message}\nNNVIZ_SEED=${first + number} after ${done.join(" ")}`;
      throw error;
    }
  }
});
