import assert from "node:assert/strict";
import { test } from "node:test";

import { isBatchwise, paceFor, paceOf, SLOW } from "../../../nnviz/stage/run/pace.js";
import { pictureFor } from "../../../nnviz/stage/stage-state.js";
import { Harness, RECIPE } from "../harness.mjs";

const PERCEPTRON = { ...RECIPE, hidden: [], output: "step", batch_size: 1 };
const SAMPLES = 3; // of the harness's session

function slow(recipe) {
  const stage = new Harness();
  stage.line.open();
  stage.opens(recipe);
  stage.settle();
  stage.do("look", { changes: { pace: SLOW } });
  stage.settle();
  return stage;
}

/** A quarter of a second. */
function tick(stage) {
  stage.do("nextSample");
  stage.settle();
}

test("a perceptron that plays slowly shows sample after sample, then the next epoch", () => {
  const stage = slow(PERCEPTRON);
  stage.run.play(true);
  stage.settle();
  assert.equal(stage.state.run.epoch, 0); // it does not go on by itself
  for (let sample = 1; sample <= SAMPLES; sample++) {
    tick(stage);
    assert.deepEqual([stage.state.frame.epoch, stage.state.frame.steps], [0, sample]);
  }
  tick(stage);
  assert.deepEqual([stage.state.frame.epoch, stage.state.frame.steps ?? 0, stage.state.steps], [1, 0, 0]);
  assert.ok(stage.state.run.playing);
});

test("a pause rests on the sample, and play goes on from there", () => {
  const stage = slow(PERCEPTRON);
  stage.run.play(true);
  tick(stage);
  stage.run.play(false);
  stage.settle();
  assert.equal(stage.state.frame.steps, 1);
  tick(stage); // nothing: it is paused
  assert.equal(stage.state.steps, 1);
  stage.run.play(true);
  tick(stage);
  assert.equal(stage.state.frame.steps, 2);
});

test("the steps of the next epoch are left with whatever leads elsewhere", () => {
  const leave = {
    step: (stage) => stage.do("step"),
    pace: (stage) => stage.do("look", { changes: { pace: 1 } }),
    weight: (stage) => stage.do("weight", { at: [0, 0, 0], value: 1 }),
    reset: (stage) => stage.do("reset"),
    batches: (stage) => stage.changes({ ...PERCEPTRON, batch_size: 10 }),
  };
  for (const [name, go] of Object.entries(leave)) {
    const stage = slow(PERCEPTRON);
    stage.run.play(true);
    tick(stage);
    stage.run.play(false);
    go(stage);
    stage.settle();
    assert.equal(stage.state.steps, 0, name);
    assert.ok(!("steps" in pictureFor(stage.state)), name);
    assert.equal(stage.state.frame.steps ?? 0, 0, name);
  }
});

test("only a perceptron that learns from single samples is followed sample by sample", () => {
  for (const recipe of [RECIPE, { ...PERCEPTRON, batch_size: 10 }]) {
    const stage = slow(recipe);
    assert.equal(paceOf(stage.state), 1);
    stage.run.play(true);
    stage.do("nextSample");
    assert.equal(stage.state.steps, 0);
  }
});

test("a perceptron followed slowly in batches is distinguished from one followed by samples, and from other networks", () => {
  const batches = { ...PERCEPTRON, batch_size: 10 };
  assert.deepEqual([PERCEPTRON, batches, RECIPE].map((recipe) => isBatchwise(slow(recipe).state)), [false, true, false]);
  const { state } = slow(batches);
  assert.ok(!isBatchwise({ ...state, look: { ...state.look, pace: 1 } }));
});

test("a run that is to stop soon is slowed to be seen", () => {
  const look = { pace: 50, stop_epoch: 100 };
  const state = { look, net: null, run: { recipe: null, epoch: 0, target: null } };
  assert.equal(paceOf(state), 2);
  assert.equal(paceOf({ ...state, look: { ...look, stop_epoch: 10 } }), 1);
  assert.equal(paceOf({ ...state, look: { ...look, stop_epoch: null } }), 50);
  assert.equal(paceOf({ ...state, run: { ...state.run, epoch: 100 } }), 50); // it has stopped there, and goes on
});

test("a perceptron starts with one epoch a frame, and other networks go on as quickly as before", () => {
  assert.equal(paceFor(5, undefined, "step"), 1);
  assert.equal(paceFor(0, "softmax", "step"), 0);
  assert.equal(paceFor(10, "step", "step"), 10); // chosen since
  assert.equal(paceFor(1, "step", "softmax"), 5);
  assert.equal(paceFor(1, "softmax", "sigmoid"), 1);
});
