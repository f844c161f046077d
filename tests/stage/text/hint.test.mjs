import assert from "node:assert/strict";
import { test } from "node:test";

import { hintOf } from "../../../nnviz/stage/text/hint.js";

const NET = { sizes: [2, 10, 2], inputs: ["x₁", "x₂"], classNames: ["a", "b"], activation: "tanh", output: "softmax", standardise: true };
const FLAT = { ...NET, sizes: [2, 2] };
const PERCEPTRON = { ...NET, sizes: [2, 1], output: "step" };
const hint = (more) => hintOf({ net: NET, canBend: !more?.net, epoch: 0, corrections: null, sample: null, warning: "", description: "", isTouch: false, ...more });

test("only a network with a hidden layer bends its boundary", () => {
  assert.match(hint(), /bends its boundary/);
  assert.match(hint({ net: FLAT }), /stays straight/);
  assert.match(hint({ net: { ...FLAT, inputs: ["x₁²", "x₂²"] } }), /only the bends of the inputs/);
  assert.match(hint({ net: PERCEPTRON }), /the perceptron corrects its line/);
  assert.match(hint({ net: { ...PERCEPTRON, inputs: ["x₁", "x₁x₂"] } }), /the perceptron corrects its boundary/);
});

test("hidden layers without a bend leave the boundary straight", () => {
  const straight = { canBend: false };
  assert.match(hint(straight), /^Press play: without a bend in its activation the boundary stays straight/);
  assert.match(hint({ ...straight, net: { ...NET, inputs: ["x₁", "x₂²"] } }), /without a bend in its activation the boundary has only the bends of the inputs/);
});

test("a finger taps, a mouse points and clicks", () => {
  assert.match(hint(), /Point at the plot .* click/);
  assert.match(hint({ isTouch: true }), /Tap the plot/);
  assert.doesNotMatch(hint({ isTouch: true }), /click|Point/);
});

for (const tool of ["pen", "spray", "move", "erase"]) {
  test(`the ${tool} is explained in the words of what one has in hand`, () => {
    assert.doesNotMatch(hint({ tool, isTouch: true }), /[Cc]lick|keys|arrows/);
    assert.doesNotMatch(hint({ tool }), /[Tt]ap/);
    assert.match(hint({ tool, isTouch: true }), /[Tt]ap|drag/);
  });
}

test("a perceptron says how often it was corrected", () => {
  assert.match(hint({ net: PERCEPTRON, epoch: 2, corrections: 1 }), /^1 correction so far/);
  assert.match(hint({ net: PERCEPTRON, epoch: 2, corrections: 0 }), /^0 corrections so far/);
  assert.doesNotMatch(hint({ epoch: 2 }), /correction/);
});

test("sample by sample it says what each does", () => {
  const wrong = hint({ net: PERCEPTRON, epoch: 3, corrections: 7, sample: { number: 5, of: 160, wrong: true } });
  assert.equal(wrong, "Sample 5 of 160 in epoch 4: it lies on the wrong side, so the line is moved. 7 corrections so far.");
  const curved = hint({ net: { ...PERCEPTRON, inputs: ["x₁²", "x₂²"] }, sample: { number: 5, of: 160, wrong: true } });
  assert.match(curved, /so the boundary is moved/);
  assert.match(hint({ net: PERCEPTRON, corrections: 7, sample: { number: 6, of: 160, wrong: false } }), /right side, so nothing changes/);
});

test("a layer that hardly learns comes first", () => {
  assert.equal(hint({ warning: "Layer 1 is saturated.", description: "What this view shows." }), "⚠ Layer 1 is saturated.");
});

test("a projector has no instructions, but what happens in the run", () => {
  const projected = { isProjected: true, tool: "pen", description: "What this view shows." };
  assert.equal(hint(projected), "");
  assert.equal(hint({ ...projected, warning: "Layer 1 is saturated." }), "⚠ Layer 1 is saturated.");
  const perceptron = { ...projected, net: PERCEPTRON, epoch: 2, corrections: 7 };
  assert.equal(hint(perceptron), "7 corrections so far.");
  assert.match(hint({ ...perceptron, sample: { number: 6, of: 160, wrong: true } }), /^Sample 6 of 160 in epoch 3: /);
});

test("a view other than the first one is described", () => {
  assert.equal(hint({ description: "What this view shows." }), "What this view shows.");
});

test("a perceptron has outputs, and is followed sample by sample where it learns from one at a time", () => {
  assert.match(hint(), /for the probabilities there/);
  assert.match(hint({ net: PERCEPTRON }), /for the output there/);
  for (const epoch of [0, 3]) assert.match(hint({ net: PERCEPTRON, epoch, isBatchwise: true }), /For one sample at a time, set the batch size to 1\.$/);
});
