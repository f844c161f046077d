/** Runs side by side: their list, what is known of them, presets and the layout of their planes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  keyOf, MOST, othersOf, placeOf, recipesOf, seenOf, withActive, withName, withoutRun, withRun, withSeedOf,
} from "../../../nnviz/stage/compare/companions.js";
import { columnsFor } from "../../../nnviz/stage/compare/layout.js";
import { presetsFor, runsOf } from "../../../nnviz/stage/compare/presets.js";
import { besideFrames, besideScenes, Histories } from "../../../nnviz/stage/compare/replies.js";
import { Harness } from "../harness.mjs";
import { endOf, truth } from "../session.mjs";

const OWN = { seed: 0, l2: 0 };
const [A, B] = [{ seed: 0, l2: 1 }, { seed: 1, l2: 2 }];

test("a copy comes last, as long as there is room", () => {
  const one = withRun([], A);
  assert.deepEqual(one, [{}, { recipe: A }]);
  let runs = one;
  for (let i = 0; i < 5; i++) runs = withRun(runs, B);
  assert.equal(runs.length, MOST);
  assert.deepEqual(recipesOf(one, OWN), [OWN, A]);
});

test("another active run leaves all in their places, with their names", () => {
  const runs = withName([{ recipe: A }, {}, { recipe: B }], 1, "mine");
  const after = withActive(runs, 2, OWN);
  assert.equal(placeOf(after), 2);
  assert.deepEqual(recipesOf(after, B), [A, OWN, B]);
  assert.equal(after[1].name, "mine");
  assert.deepEqual(othersOf(after), [A, OWN]);
});

test("one run alone is no comparison", () => {
  assert.deepEqual(withoutRun([{ recipe: A }, {}], 0), []);
  assert.deepEqual(withoutRun([{ recipe: A }, {}, { recipe: B }], 0), [{}, { recipe: B }]);
});

test("a new start is for all runs that had the same seed", () => {
  const runs = withSeedOf([{}, { recipe: { ...A, edits: [[5, "l2", 3]] } }, { recipe: B }], 0, 7);
  assert.deepEqual(othersOf(runs), [{ seed: 7, l2: 3 }, B]);
});

test("each list has a name of its own", () => {
  const [one, other] = [[{}, { recipe: A }], [{}, { recipe: A }]];
  assert.equal(keyOf(one), keyOf(one));
  assert.notEqual(keyOf(one), keyOf(other));
  assert.equal(keyOf([]), null);
});

test("what is known of a run stays as long as it is side by side", () => {
  const known = { recipe: A, scene: {}, net: {} };
  assert.deepEqual(seenOf([{ recipe: B }, { recipe: A }, {}], [known]), [{ recipe: B, scene: null, net: null }, known]);
});

test("numbered arrays are those of the runs", () => {
  const rows = { data: Float32Array.of(1, 2, 3, 4), shape: [1, 4] };
  const beside = { key: "1", arrived: true, runs: [null, { epoch: 0, since: 0, data: "x" }] };
  const arrays = { planes: 0, rows2: rows, planes2: 2, trainPoints2: { data: 3 }, trainLabels2: { data: [1] }, testPoints2: { data: 5 }, testLabels2: { data: [] } };
  const frames = besideFrames({ beside }, arrays);
  assert.equal(frames[0], null);
  assert.equal(frames[1].arrays.planes, 2);
  const seen = [{ recipe: A, scene: null }, { recipe: B, scene: null }];
  assert.deepEqual(besideScenes(seen, frames), [{}, { points: { data: "x", train: { points: 3, labels: [1] }, test: { points: 5, labels: [] } } }]);
  const histories = new Histories();
  histories.put(seen, frames);
  const request = { op: "frame", compared: "1" };
  assert.deepEqual(histories.withKnown(request, seen).known, [[null, 0], [null, 1]]);
  assert.equal(histories.withKnown({ op: "frame" }, seen).known, undefined);
});

const PHRASES = {
  fields: { optimiser: { values: { sgd: "", adam: "", momentum: "", rmsprop: "", nesterov: "" } }, activation: { values: { tanh: "", relu: "" } }, l2: { values: {} } },
  fixed: { hidden: { none: ["activation"] } },
};

test("a preset has the present run first, and at most three others", () => {
  const recipe = { seed: 0, hidden: [3], optimiser: "adam", activation: "tanh", l2: 0, edits: [[5, "optimiser", "sgd"], [7, "l2", 0.1]] };
  const presets = presetsFor(recipe, PHRASES);
  assert.equal(presets.length, 3);
  const [optimisers, activations, l2] = presets.map((preset) => runsOf(preset, recipe, PHRASES));
  assert.deepEqual(optimisers.map(({ recipe: other }) => other?.optimiser), [undefined, "momentum", "rmsprop", "adam"]); // it ends with SGD
  assert.deepEqual(optimisers[1].recipe.edits, [[7, "l2", 0.1]]);
  assert.deepEqual(activations.map(({ recipe: other }) => other?.activation), [undefined, "relu"]);
  assert.deepEqual(l2[1].recipe, { ...recipe, l2: 0, edits: [[5, "optimiser", "sgd"]] });
  assert.deepEqual(presetsFor({ ...recipe, hidden: [] }, PHRASES).map(({ field }) => field), ["optimiser", "l2"]);
});

test("planes are laid out as large as they can be, in full rows", () => {
  assert.equal(columnsFor(2, 700, 400), 2);
  assert.equal(columnsFor(4, 700, 500), 2);
  assert.equal(columnsFor(4, 1600, 400), 4);
  assert.equal(columnsFor(3, 900, 400), 3);
  assert.equal(columnsFor(2, 300, 900), 1);
});

test("the active run is another one at the same epoch, and the first is beside it", () => {
  const stage = new Harness();
  stage.opens({ ...OWN, data: "circles", hidden: [3], learning_rate: 0.5 });
  stage.settle();
  stage.do("compare");
  stage.do("setting", { field: "l2", value: 0.5 });
  stage.playTo(20);
  const { epoch, recipe } = stage.state.run;
  stage.do("activate", { place: 1 });
  stage.settle();
  assert.equal(stage.state.run.epoch, epoch);
  assert.equal(stage.state.run.recipe.l2, 0);
  assert.deepEqual(othersOf(stage.state.look.beside), [recipe]);
  assert.equal(stage.state.frame.beside.runs[0].epoch, epoch);
  stage.do("dismiss", { place: 1 }); // the active one
  stage.settle();
  assert.deepEqual(stage.state.look.beside, []);
  assert.equal(stage.state.run.recipe.l2, 0.5);
  assert.equal(JSON.parse(stage.state.page.content).beside.length, 0);
});

/** A comparison of a run that diverges with one that does not, at the end of the first. */
function unlucky() {
  const stage = new Harness();
  const recipe = Array.from({ length: 99 }, (_, seed) => ({ ...OWN, seed, data: "circles", hidden: [3], learning_rate: 0.6 })).find((one) => endOf(one, 90) < 80 && endOf(one, 90) > 10);
  stage.opens(recipe);
  stage.settle();
  stage.do("compare", { runs: [{ name: "wild" }, { recipe: { ...recipe, learning_rate: 0.5 } }] });
  stage.settle();
  return { stage, recipe, end: endOf(recipe, 90) };
}

test("where the active run diverges, the others go on, and one of them is the active one", () => {
  const { stage, recipe, end } = unlucky();
  stage.playTo(100);
  const { run, look, frame } = stage.state;
  assert.equal(run.message.text, `wild has diverged at epoch ${end}. Run 2 goes on and is the active run now.`);
  assert.ok(run.epoch >= 100);
  assert.equal(run.recipe.learning_rate, 0.5);
  assert.deepEqual(look.beside, [{ name: "wild", recipe }, { name: undefined }]);
  assert.deepEqual([frame.beside.runs[0].epoch, frame.beside.runs[0].diverged], [end, "The loss is no longer finite."]);
  assert.equal(stage.shown, truth(run.recipe, run.epoch));
});

test("the others go on too where the run that has ended is active again", () => {
  const { stage, end } = unlucky();
  stage.playTo(100);
  stage.do("activate", { place: 0 });
  stage.settle();
  assert.deepEqual([stage.state.run.epoch, Boolean(stage.state.run.diverged)], [end, true]);
  stage.do("step");
  stage.settle();
  assert.deepEqual([stage.state.run.epoch, stage.state.run.recipe.learning_rate], [end + 1, 0.5]);
  assert.match(stage.state.run.message.text, /^wild has diverged at epoch .* is the active run now\.$/);
});

test("another active run is opened at its epoch, where it was already", () => {
  const { stage } = unlucky();
  stage.playTo(5);
  const { epoch } = stage.state.run;
  stage.do("activate", { place: 1 });
  stage.settle();
  assert.equal(stage.line.sent.filter(({ op }) => op === "open").at(-1).epoch, epoch);
  assert.equal(stage.state.run.epoch, epoch);
});

test("a list that the server refuses is not sent again", () => {
  const stage = new Harness();
  stage.opens({ ...OWN, data: "circles", hidden: [3], learning_rate: 0.5 });
  stage.settle();
  stage.line.session.compare = ({ id }) => ({ header: { type: "error", id, message: "too many" }, arrays: {} });
  stage.do("compare");
  stage.settle();
  assert.equal(stage.state.run.message.text, "too many");
  assert.equal(stage.line.sent.filter(({ op }) => op === "compare").length, 1);
  stage.do("step");
  stage.settle();
  assert.equal(stage.state.run.epoch, 1);
});
