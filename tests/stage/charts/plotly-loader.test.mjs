/** Loading Plotly. */

import assert from "node:assert";
import test from "node:test";

import { loadPlotly } from "../../../nnviz/stage/charts/plotly-loader.js";

test("a load that failed is not remembered, one that did not is", async () => {
  const scripts = [];
  globalThis.window = { Plotly: { version: "7" } };
  globalThis.document = {
    createElement: () => ({ remove() { scripts.splice(scripts.indexOf(this), 1); } }),
    head: { append: (script) => scripts.push(script) },
  };
  const first = loadPlotly("/base");
  assert.equal(loadPlotly("/base"), first); // one script for both
  assert.equal(scripts.length, 1);
  scripts[0].onerror();
  await assert.rejects(first, /plotly\.js could not be loaded/);
  assert.equal(scripts.length, 0);

  const second = loadPlotly("/base");
  assert.equal(scripts[0].src, "/base/plotly.js");
  scripts[0].onload();
  assert.equal(await second, window.Plotly);
  assert.equal(await loadPlotly("/base"), window.Plotly);
  assert.equal(scripts.length, 1);
});
