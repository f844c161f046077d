/** Strokes: their text, what they do to a recipe, and how they are described. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { edited, renewed, reset, withEditRemoved } from "../../../nnviz/stage/run/changes.js";
import { finalSettings, laterFields, startedAgain, withEdit } from "../../../nnviz/stage/run/recipes.js";
import { FIRST_RUN, wholeRecipe } from "../../../nnviz/stage/run/run-state.js";
import { describedStroke, inParts, marksOf, merged, rounded, strokeOf, strokesUpTo } from "../../../nnviz/stage/run/strokes.js";

const START = { data: "circles", seed: 0, l2: 0 };
const DRAWN = { ...START, edits: [[3, "points", "200_1_0.5_-0.25~7"], [5, "l2", 0.1], [9, "points", "201_0_1_1~200"]] };

test("a stroke comes back from its text", () => {
  const marks = [{ number: 200, label: 1, place: [0.5, -0.25] }, { number: 7 }];
  assert.equal(strokeOf(marks), "200_1_0.5_-0.25~7");
  assert.deepEqual(marksOf("200_1_0.5_-0.25~7"), marks);
  assert.deepEqual(marksOf(""), []);
});

test("of several strokes the last mark of a point counts", () => {
  assert.equal(merged("200_1_0_0~7", "", "8~200", "7_0_1_1"), "200~7_0_1_1~8");
});

test("points are no setting", () => {
  assert.deepEqual(finalSettings(DRAWN), { ...START, l2: 0.1 });
  assert.deepEqual(laterFields(DRAWN, 0), ["l2"]);
});

test("strokes of one epoch become one edit, at epoch 0 too; later ones are dropped", () => {
  const twice = withEdit(withEdit(START, { epoch: 0, field: "points", value: "7" }), { epoch: 0, field: "points", value: "8~7_0_1_1" });
  assert.deepEqual(twice.edits, [[0, "points", "7_0_1_1~8"]]);
  assert.deepEqual(withEdit(DRAWN, { epoch: 4, field: "points", value: "9" }).edits, [DRAWN.edits[0], [4, "points", "9"]]);
});

test("another start has the points as they are at the end", () => {
  const expected = [0, "points", "200~7~201_0_1_1"];
  assert.deepEqual(startedAgain(DRAWN, { ...START, l2: 0.1 }), { ...START, l2: 0.1, edits: [expected] });
  assert.deepEqual(startedAgain(START, START), START);
  const run = { ...FIRST_RUN, recipe: DRAWN, epoch: 9, knownEpochs: 10 };
  assert.deepEqual(reset(run).recipe, { ...START, l2: 0.1, edits: [expected] });
  assert.deepEqual(renewed(run).recipe, { ...START, l2: 0.1, seed: 1, edits: [expected] });
  const pending = edited(run, [{ field: "points", value: "202_0_2_2" }]);
  assert.deepEqual(reset(pending).recipe.edits, [[0, "points", "200~7~201_0_1_1~202_0_2_2"]]);
});

test("a stroke that goes on is one edit until it is on its way", () => {
  const run = { ...FIRST_RUN, recipe: START, epoch: 4, knownEpochs: 5 };
  const once = edited(run, [{ field: "points", value: "7" }]);
  const twice = edited(once, [{ field: "points", value: "8" }]);
  assert.deepEqual(twice.edits, [{ field: "points", value: "7~8", epoch: 4 }]);
  const sent = { ...once, sent: [{ id: 1, request: { id: 1, op: "edit" }, recipe: START, turn: 0, pictureKey: "{}", edit: once.edits[0] }] };
  assert.deepEqual(edited(sent, [{ field: "points", value: "8" }]).edits.map(({ value }) => value), ["7", "8"]);
});

test("removing a stroke removes what goes on with it at its epoch", () => {
  const run = { ...FIRST_RUN, recipe: DRAWN, epoch: 9, knownEpochs: 12 };
  const going = edited(run, [{ field: "points", value: "202_0_2_2" }]);
  const after = withEditRemoved(going, DRAWN.edits[2]);
  assert.deepEqual(wholeRecipe(after).edits, DRAWN.edits.slice(0, 2));
  assert.equal(after.knownEpochs, 9);
});

test("the strokes up to an epoch", () => {
  assert.deepEqual(strokesUpTo(DRAWN, 8), ["200_1_0.5_-0.25~7"]);
  assert.equal(strokesUpTo(DRAWN).length, 2);
});

test("a stroke is described by the number of points", () => {
  assert.equal(describedStroke("200_1_0_0~7"), "1 point drawn or moved, 1 point erased");
  assert.equal(describedStroke("7~8"), "2 points erased");
});

test("coordinates are kept to 3 decimals of the span", () => {
  assert.deepEqual(rounded([0.123456, 123456], [[0, 1], [0, 2e6]]), [0.123, 123000]);
  assert.deepEqual(rounded([1.23456, -7.6543e-9], [[-1.2, 1.2], [-1e-8, 1e-8]]), [1.235, -7.65e-9]);
});

test("a stroke of very many points is made by several edits, each short enough for a request", () => {
  const stroke = Array.from({ length: 5000 }, (_, number) => `${number}_1_0.123_-0.456`).join("~");
  const run = { ...FIRST_RUN, recipe: START, epoch: 4, knownEpochs: 5 };
  const after = edited(run, inParts(stroke).map((value) => ({ field: "points", value })));
  assert.ok(after.edits.every(({ value }) => value.length < 15_000));
  assert.equal(wholeRecipe(after).edits[0][2], stroke);
});
