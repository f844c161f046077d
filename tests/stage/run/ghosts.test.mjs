/** Earlier runs beside the present one. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { difference, Ghosts } from "../../../nnviz/stage/run/ghosts.js";
import { History } from "../../../nnviz/stage/run/history.js";

const RECIPE = { seed: 0, hidden: [3], l2: 0 };

function historyTo(last) {
  const history = new History();
  history.put(0, Array.from({ length: 4 * (last + 1) }, () => 0.5));
  return history;
}

const kept = (ghosts) => ghosts.runs.map(({ recipe, last }) => [recipe.seed, last]);

test("of the same run the longer is kept, and none that has not been trained", () => {
  const ghosts = new Ghosts();
  ghosts.keep(RECIPE, historyTo(0));
  assert.deepEqual(kept(ghosts), []);
  for (const last of [10, 30, 20]) ghosts.keep(RECIPE, historyTo(last));
  assert.deepEqual(kept(ghosts), [[0, 30]]);
  assert.deepEqual(ghosts.runs[0].lines.map(({ epochs }) => epochs.at(-1)), [30, 30]);
});

test("the last five are kept, and shown where they differ from the present run", () => {
  const ghosts = new Ghosts();
  for (let seed = 0; seed < 7; seed++) ghosts.keep({ ...RECIPE, seed }, historyTo(10));
  assert.deepEqual(kept(ghosts).map(([seed]) => seed), [2, 3, 4, 5, 6]);
  assert.deepEqual(ghosts.beside({ ...RECIPE, seed: 4 }).map(({ recipe }) => recipe.seed), [2, 3, 5, 6]);
  ghosts.clear();
  assert.deepEqual(ghosts.beside(RECIPE), []);
});

test("a legend names two differences and counts the others", () => {
  const labels = { hidden: "Hidden layers", l2: "L2", batch_size: "Batch" };
  const legend = (changes) => difference({ ...RECIPE, ...changes }, RECIPE, labels);
  assert.equal(legend({ hidden: [4, 2] }), "Hidden layers 4-2");
  assert.equal(legend({ hidden: [] }), "Hidden layers none");
  assert.equal(legend({ l2: 0.1, batch_size: 10 }), "L2 0.1, Batch 10");
  assert.equal(legend({ seed: 1, hidden: [1], l2: 1, scaled: true }), "seed 1, Hidden layers 1 and 2 more");
  assert.equal(difference(RECIPE, { ...RECIPE, batch_size: 10 }, labels), "Batch full");
  assert.equal(legend({ edits: [[5, "weight", 1, [0, 0, 0]]] }), "changed during the run");
  assert.equal(legend({}), "same settings, no changes during the run");
});
