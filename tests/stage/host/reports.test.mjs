/** When reports are sent to the page. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Reports } from "../../../nnviz/stage/host/reports.js";
import { Store } from "../../../nnviz/stage/store.js";

const REST = { run: { playing: false }, pen: { isOpen: true, tool: "pen" }, page: { number: 0, heard: 0, applied: 0, content: "" } };

/** @param {import("node:test").TestContext} context */
function reporting(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const store = new Store((state, changes) => ({ ...state, ...changes }), REST);
  const sent = [];
  const stage = new EventTarget();
  new Reports(stage, store, new AbortController().signal).update((_, report) => sent.push(report.text));
  const news = (number) => store.dispatch({ page: { ...REST.page, number, content: JSON.stringify({ text: number }) } });
  const leave = (pointerType) => stage.dispatchEvent(Object.assign(new Event("pointerleave"), { pointerType }));
  return { leave, store, sent, news, tick: (ms) => context.mock.timers.tick(ms) };
}

test("a report is sent once there is no other news for a while", (context) => {
  const { sent, news, tick } = reporting(context);
  news(1);
  tick(200);
  news(2);
  tick(249);
  assert.deepEqual(sent, []);
  tick(1);
  assert.deepEqual(sent, [2]);
});

test("while points are drawn and the run plays, all news goes in one report", (context) => {
  const { store, sent, news, tick } = reporting(context);
  store.dispatch({ run: { playing: true } });
  for (let number = 1; number <= 19; number++) {
    news(number);
    tick(500);
  }
  assert.deepEqual(sent, []);
  tick(500);
  assert.deepEqual(sent, [19]);
});

for (const [what, change] of [["the run rests", { run: { playing: false } }], ["the pen is put down", { pen: { isOpen: false, tool: "pen" } }]]) {
  test(`strokes are reported soon once ${what}`, (context) => {
    const { store, sent, news, tick } = reporting(context);
    store.dispatch({ run: { playing: true } });
    news(1);
    tick(5000);
    assert.deepEqual(sent, []);
    store.dispatch(change);
    tick(250);
    assert.deepEqual(sent, [1]);
  });
}

test("where the mouse leaves the stage, the page hears of strokes soon; a finger leaves it with every touch", (context) => {
  const { leave, store, sent, news, tick } = reporting(context);
  store.dispatch({ run: { playing: true } });
  news(1);
  leave("touch");
  tick(5000);
  assert.deepEqual(sent, []);
  leave("mouse");
  news(2);
  tick(250);
  assert.deepEqual(sent, [2]);
  store.dispatch({ page: { ...store.state.page, heard: 2 } });
  leave("mouse");
  tick(20_000);
  assert.deepEqual(sent, [2]);
});
