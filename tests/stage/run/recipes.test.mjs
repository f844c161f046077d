/** Recipes with edits. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  differences, finalSettings, laterFields, repeatedEdits, withEdit, withEditKeepingSettings, withoutEdit,
} from "../../../nnviz/stage/run/recipes.js";

const START = { data: "circles", hidden: [3], seed: 0, learning_rate: 0.5, l2: 0 };
const PLACE = [0, 1, 2];
const RATE = [20, "learning_rate", 0.1];
const DECAY = [30, "l2", 0.01];
const WEIGHT = [30, "weight", 2, PLACE];
const EDITED = { ...START, edits: [RATE, DECAY, WEIGHT] };

test("the settings at the end are those of the last edits; weights are none of them", () => {
  assert.deepEqual(finalSettings(EDITED), { ...START, learning_rate: 0.1, l2: 0.01 });
  assert.deepEqual(finalSettings({ ...START, edits: [RATE, [40, "learning_rate", 0.2]] }), { ...START, learning_rate: 0.2 });
  assert.equal(EDITED.learning_rate, 0.5); // the recipe itself stays
});

test("recipes differ in settings at the end, in missing fields too", () => {
  assert.deepEqual(differences(EDITED, { ...START, learning_rate: 0.1, l2: 0.01 }), []);
  assert.deepEqual(differences(START, { ...START, hidden: [3, 2], noise: 1 }), ["hidden", "noise"]);
});

test("an edit drops later ones and replaces one of the same field at its epoch", () => {
  assert.deepEqual(withEdit(EDITED, { epoch: 20, field: "l2", value: 1 }).edits, [RATE, [20, "l2", 1]]);
  assert.deepEqual(withEdit(EDITED, { epoch: 30, field: "l2", value: 1 }).edits, [RATE, WEIGHT, [30, "l2", 1]]);
  const other = withEdit(EDITED, { epoch: 30, field: "weight", value: 3, at: [0, 1, 1] });
  assert.deepEqual(other.edits, [RATE, DECAY, WEIGHT, [30, "weight", 3, [0, 1, 1]]]);
});

test("a setting at epoch 0 is no edit; a weight is", () => {
  assert.deepEqual(withEdit(EDITED, { epoch: 0, field: "l2", value: 1 }), { ...START, l2: 1 });
  assert.deepEqual(withEdit(START, { epoch: 0, field: "weight", value: 1, at: PLACE }).edits, [[0, "weight", 1, PLACE]]);
});

test("an edit before others keeps the settings that these had made", () => {
  assert.deepEqual(laterFields(EDITED, 10), ["learning_rate", "l2"]);
  assert.deepEqual(laterFields(EDITED, 20), ["l2"]);
  const typed = { epoch: 10, field: "weight", value: 2, at: PLACE };
  assert.deepEqual(repeatedEdits(EDITED, typed), [
    { epoch: 10, field: "learning_rate", value: 0.1 }, { epoch: 10, field: "l2", value: 0.01 },
  ]);
  assert.deepEqual(finalSettings(withEditKeepingSettings(EDITED, typed)), finalSettings(EDITED));
  const changed = withEditKeepingSettings(EDITED, { epoch: 10, field: "l2", value: 3 });
  assert.deepEqual(changed.edits, [[10, "l2", 3], [10, "learning_rate", 0.1]]);
});

test("without its last edit a recipe has no list of them", () => {
  assert.deepEqual(withoutEdit(EDITED, [30, "weight", 2, [0, 1, 2]]).edits, [RATE, DECAY]);
  assert.deepEqual(withoutEdit({ ...START, edits: [RATE] }, RATE), START);
});
