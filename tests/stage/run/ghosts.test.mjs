/** Earlier runs beside the present one; what their legend says is in `test_ghosts.py`. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Ghosts } from "../../../nnviz/stage/run/ghosts.js";
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

test("what was set when a run had ended is no part of it", () => {
  const ghosts = new Ghosts();
  ghosts.keep({ ...RECIPE, edits: [[10, "l2", 0.01]] }, historyTo(20));
  ghosts.keep({ ...RECIPE, edits: [[20, "l2", 0.01]] }, historyTo(20)); // then the run starts again with that
  assert.deepEqual(ghosts.runs.map(({ recipe }) => recipe), [{ ...RECIPE, edits: [[10, "l2", 0.01]] }, RECIPE]);
  assert.deepEqual(ghosts.beside(RECIPE).length, 1);
});
