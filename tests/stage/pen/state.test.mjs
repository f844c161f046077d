/** The pen: strokes become edits, and are undone and redone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nextNumber, toolOf } from "../../../nnviz/stage/pen/state.js";
import { Harness, RECIPE } from "../harness.mjs";

const AT = { number: 3, label: 1, place: [1, 2] };

function opened() {
  const stage = new Harness();
  stage.opens(RECIPE);
  stage.settle();
  return stage;
}

const strokes = ({ state }) => (state.run.recipe.edits ?? []).filter(([, field]) => field === "points");

test("without its tool bar the plot is only looked at", () => {
  const stage = opened();
  assert.equal(toolOf(stage.state.pen), "pin");
  stage.do("pen", { changes: { isOpen: true, tool: "erase" } });
  assert.equal(toolOf(stage.state.pen), "erase");
  stage.do("pen", { changes: { isOpen: false } });
  assert.equal(toolOf(stage.state.pen), "pin");
});

test("what is drawn is held until it is applied, and then one edit", () => {
  const stage = opened();
  stage.do("draw", { marks: [AT] });
  stage.do("draw", { marks: [{ ...AT, number: 4 }] });
  assert.deepEqual(stage.state.run.edits, []);
  stage.do("apply");
  stage.settle();
  assert.deepEqual(strokes(stage), [[0, "points", "3_1_1_2~4_1_1_2"]]);
  assert.equal(stage.state.scene.data, "3_1_1_2~4_1_1_2");
});

test("a stroke drawn while the run plays is an edit at every epoch at which it is applied, and one undo", () => {
  const stage = opened();
  stage.playTo(10);
  stage.do("draw", { marks: [AT] });
  stage.do("apply");
  stage.settle();
  stage.playTo(20);
  stage.do("draw", { marks: [{ ...AT, number: 4 }] });
  stage.do("lift");
  stage.settle();
  assert.equal(strokes(stage).length, 2);
  assert.equal(stage.state.pen.undo.length, 1);
  stage.do("undo");
  stage.settle();
  assert.equal(strokes(stage).at(-1)[2], "4~3");
  stage.do("redo");
  stage.settle();
  assert.equal(strokes(stage).at(-1)[2], "4_1_1_2~3_1_1_2");
});

test("undo brings back what was erased, at its place and in its class", () => {
  const stage = opened();
  stage.do("draw", { marks: [AT] });
  stage.do("lift");
  stage.settle();
  const { scene } = stage.state;
  stage.store.state = { ...stage.state, scene: { ...scene, train: { points: Float32Array.of(1, 2), labels: Uint8Array.of(1), numbers: Uint32Array.of(3) } } };
  stage.do("draw", { marks: [{ number: 3 }] });
  stage.do("lift");
  assert.equal(stage.state.pen.undo.at(-1).before, "3_1_1_2");
});

test("the page hears of a stroke when it has ended", () => {
  const stage = opened();
  const { number } = stage.state.page;
  stage.do("draw", { marks: [AT] });
  stage.do("apply");
  stage.settle();
  assert.equal(stage.state.page.number, number);
  stage.do("lift");
  assert.equal(stage.state.page.number, number + 1);
  assert.deepEqual(JSON.parse(stage.state.page.content).recipe.edits, [[0, "points", "3_1_1_2"]]);
});

test("at another epoch and in another run there is nothing to undo", () => {
  for (const leave of [(stage) => stage.do("go", { epoch: 2 }), (stage) => stage.do("renew")]) {
    const stage = opened();
    stage.playTo(5);
    stage.do("draw", { marks: [AT] });
    stage.do("lift");
    stage.settle();
    assert.equal(stage.state.pen.undo.length, 1);
    leave(stage);
    assert.deepEqual(stage.state.pen.undo, []);
    stage.do("undo");
    stage.settle();
  }
});

test("the next point has the number after all others of the run", () => {
  const stage = opened();
  assert.equal(nextNumber(stage.state), 3);
  stage.do("draw", { marks: [{ ...AT, number: 9 }] });
  assert.equal(nextNumber(stage.state), 10);
  stage.do("lift");
  stage.settle();
  stage.do("draw", { marks: [{ number: 9 }] });
  assert.equal(nextNumber(stage.state), 10); // what was erased is not another point
});

test("going back shows the points as they were", () => {
  const stage = opened();
  stage.playTo(10);
  stage.do("draw", { marks: [AT] });
  stage.do("lift");
  stage.settle();
  const { epoch } = stage.state.run;
  stage.playTo(20);
  for (const [at, data] of [[epoch - 1, ""], [epoch, "3_1_1_2"], [2, ""], [epoch + 3, "3_1_1_2"]]) {
    stage.do("go", { epoch: at });
    stage.settle();
    assert.equal(stage.state.run.epoch, at);
    assert.equal(stage.state.scene.data, data);
  }
});

test("a training point that is picked stays so where others are erased, and is let go of with it", () => {
  const stage = opened();
  const parts = (numbers) => ({ points: Float32Array.from(numbers.flatMap((n) => [n, n])), labels: Uint8Array.from(numbers, () => 0), numbers: Uint32Array.from(numbers) });
  const reply = (numbers, data) => {
    const { run, scene } = stage.state;
    const sent = { id: 99, request: { id: 99, op: "seek", epoch: run.epoch }, recipe: run.recipe, turn: run.turn, pictureKey: "{}", scene };
    stage.store.state = { ...stage.state, run: { ...run, sent: [sent] } };
    const header = { type: "frame", id: 99, epoch: run.epoch, finished: false, diverged: null, since: 0, data, metrics: {} };
    stage.do("reply", { header, arrays: { planes: {} }, rows: 0, stop: null, points: { train: parts(numbers), test: parts([]), data } });
  };
  reply([0, 1, 2], "a");
  stage.do("pick", { sample: 2 });
  reply([1, 2], "b");
  assert.equal(stage.state.page.sample, 1);
  assert.deepEqual(stage.state.look.probe, [2, 2]);
  reply([1], "c");
  assert.equal(stage.state.page.sample, null);
  assert.deepEqual(stage.state.look.probe, [2, 2]);
});

// --- a drawing: a plane without points ----------------------------------------------------

const DRAWING = { ...RECIPE, data: "drawing", classes: 2 };

test("the pen is in hand where a plane without points is shown, and stays as it is left there", () => {
  const stage = opened();
  assert.equal(stage.state.pen.isOpen, false);
  stage.changes({ data: "drawing", classes: 2 });
  stage.settle();
  assert.equal(toolOf(stage.state.pen), "pen");
  stage.do("pen", { changes: { isOpen: false } });
  stage.do("reset");
  stage.settle();
  assert.equal(stage.state.pen.isOpen, false);
});

test("a link to a drawing with points does not take the pen", () => {
  const stage = new Harness();
  stage.opens({ ...DRAWING, edits: [[5, "points", "0_1_1_2"]] }, 8);
  stage.settle();
  assert.equal(stage.state.pen.isOpen, false);
});

test("one more class keeps the points, and the network starts again", () => {
  const stage = new Harness();
  stage.opens(DRAWING);
  stage.settle();
  stage.playTo(10);
  stage.do("draw", { marks: [{ ...AT, number: 0 }] });
  stage.do("class");
  stage.settle();
  const { recipe, epoch } = stage.state.run;
  assert.deepEqual([recipe.classes, epoch, stage.state.pen.label], [3, 0, 2]);
  assert.deepEqual(strokes(stage), [[0, "points", "0_1_1_2"]]);
});

test("points drawn stay where the drawing gets other classes, without those of classes that are gone", () => {
  const stage = new Harness();
  stage.opens({ ...DRAWING, classes: 3 });
  stage.settle();
  stage.do("draw", { marks: [{ ...AT, number: 0 }, { ...AT, number: 1, label: 2 }] });
  stage.do("lift");
  stage.settle();
  stage.page({ recipe: DRAWING, changed: { classes: stage.number + 1 } });
  stage.settle();
  assert.deepEqual(strokes(stage), [[0, "points", "0_1_1_2"]]);
  stage.changes({ data: "moons" });
  stage.settle();
  assert.deepEqual(strokes(stage), []);
});

test("a drawing is begun from any data set, with its other settings", () => {
  const stage = opened();
  stage.do("blank");
  stage.settle();
  const { data, classes, hidden } = stage.state.run.recipe;
  assert.deepEqual([data, classes, hidden], ["drawing", 2, RECIPE.hidden]);
  assert.equal(toolOf(stage.state.pen), "pen");
  stage.do("pen", { changes: { isOpen: false } });
  stage.do("draw", { marks: [{ ...AT, number: 0 }] });
  stage.do("blank"); // another one
  stage.settle();
  assert.deepEqual([strokes(stage), toolOf(stage.state.pen)], [[], "pen"]);
});
