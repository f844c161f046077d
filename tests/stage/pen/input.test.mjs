/** The pen by mouse, touch and keys, on a plot of 100 × 100 pixels for 10 × 10 units. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pen } from "../../../nnviz/stage/pen/input.js";
import { marksOf } from "../../../nnviz/stage/run/strokes.js";
import { Harness, LOOK, RECIPE } from "../harness.mjs";

const PLANE = {
  pixelsPerUnit: [10, 10],
  pointAt: ({ clientX, clientY }) => (clientX < 0 || clientX > 100 ? null : [clientX / 10, clientY / 10]),
};

class Plot extends EventTarget {
  setPointerCapture() {}
  focus() {}
}

function drawing(tool, label = 0) {
  const stage = new Harness();
  stage.opens(RECIPE);
  stage.settle();
  const { scene } = stage.state;
  const train = { points: Float32Array.of(1, 1, 1.2, 1, 9, 9), labels: Uint8Array.of(0, 1, 0) };
  stage.store.state = { ...stage.state, scene: { ...scene, extent: [[0, 10], [0, 10]], classNames: ["a", "b"], train } };
  const plot = new Plot();
  const announced = [];
  const controller = new AbortController();
  new Pen(plot, stage.store, () => PLANE, () => stage.paint(), (text) => announced.push(text), controller.signal);
  stage.do("pen", { changes: { isOpen: true, tool, label } });
  const send = (type, more) => {
    const event = Object.assign(new Event(type, { cancelable: true }), { button: 0, pointerId: 1, ...more });
    plot.dispatchEvent(event);
    return event;
  };
  return {
    stage, plot, announced, send, close: () => controller.abort(),
    down: (x, y) => send("pointerdown", { clientX: x, clientY: y }),
    move: (x, y) => send("pointermove", { clientX: x, clientY: y }),
    up: () => send("pointerup", {}),
    key: (key) => send("keydown", { key, ctrlKey: false, metaKey: false, altKey: false }),
    pin: (...point) => stage.do("pin", { point }),
    /** All marks made. */
    marks: () => stage.state.run.edits.flatMap(({ value }) => marksOf(value)),
  };
}

test("while the run plays, a point counts from the newest picture that has arrived", () => {
  const pen = drawing("pen");
  const { stage } = pen;
  stage.do("play");
  stage.turns(10);
  stage.line.turn(); // a picture arrives, and waits for the display
  const { epoch } = stage.state.run;
  assert.ok(stage.run.hasPicture);
  pen.down(50, 40);
  assert.deepEqual(stage.state.run.edits.map((edit) => edit.epoch), [epoch + LOOK.pace]);
  assert.equal(stage.state.run.epoch, epoch + LOOK.pace);
  pen.up();
  pen.close();
});

test("a click draws one point of the class chosen, and pins none", () => {
  const pen = drawing("pen", 1);
  pen.down(50, 40);
  pen.up();
  assert.deepEqual(pen.marks(), [{ number: 3, label: 1, place: [5, 4] }]);
  let clicks = 0;
  pen.plot.addEventListener("click", () => (clicks += 1));
  pen.send("click", {});
  assert.equal(clicks, 0);
  pen.stage.do("pen", { changes: { isOpen: false } }); // the plot is only looked at
  pen.send("click", {});
  assert.equal(clicks, 1);
  assert.ok(!pen.down(5, 5).defaultPrevented);
  pen.close();
});

test("a drag draws points that are not too close, in one stroke", () => {
  const pen = drawing("pen");
  pen.down(10, 40);
  for (let x = 11; x <= 50; x++) pen.move(x, 40);
  pen.up();
  assert.deepEqual(pen.marks().map(({ place }) => place[0]), [1, 2.4, 3.8]);
  assert.equal(pen.stage.state.pen.undo.length, 1);
  pen.close();
});

test("outside the axes and with another button nothing is drawn", () => {
  const pen = drawing("pen");
  pen.down(-5, 40);
  pen.up();
  pen.send("pointerdown", { clientX: 50, clientY: 50, button: 2 });
  pen.move(60, 60);
  pen.up();
  assert.deepEqual(pen.marks(), []);
  pen.close();
});

test("a spray draws several points nearby, within the axes", () => {
  const pen = drawing("spray", 1);
  pen.down(0, 100);
  pen.up();
  const marks = pen.marks();
  assert.deepEqual(marks.map(({ number, label }) => [number, label]), [[3, 1], [4, 1], [5, 1]]);
  for (const { place: [x, y] } of marks) assert.ok(x >= 0 && x <= 10 && y >= 0 && y <= 10 && Math.hypot(x, y - 10) < 8);
  pen.close();
});

test("the eraser takes away all that it touches", () => {
  const pen = drawing("erase");
  pen.down(11, 11);
  pen.move(90, 89);
  pen.up();
  assert.deepEqual(pen.marks().map(({ number }) => number).sort(), [0, 1, 2]);
  assert.ok(pen.marks().every(({ place }) => !place));
  pen.close();
});

test("a point is moved by dragging it", () => {
  const pen = drawing("move");
  pen.down(89, 90);
  pen.move(70, 60);
  pen.move(50, 50);
  pen.up();
  assert.deepEqual(pen.marks(), [{ number: 2, label: 0, place: [5, 5] }]);
  pen.down(20, 80); // nothing is near
  pen.up();
  assert.equal(pen.marks().length, 1);
  pen.close();
});

test("a point is moved by two clicks", () => {
  const pen = drawing("move");
  pen.down(90, 90);
  pen.up();
  assert.deepEqual(pen.marks(), []);
  assert.equal(pen.announced.at(-1), "Point picked up: click where it is to go.");
  pen.down(30, 20);
  pen.up();
  assert.deepEqual(pen.marks(), [{ number: 2, label: 0, place: [3, 2] }]);
  pen.close();
});

test("Enter draws at the pin, Delete erases the point nearest to it", () => {
  const pen = drawing("pen", 1);
  pen.pin(5, 6);
  pen.key("Enter");
  assert.deepEqual(pen.marks(), [{ number: 3, label: 1, place: [5, 6] }]);
  pen.pin(8.5, 9);
  pen.key("Delete");
  assert.deepEqual(pen.marks().at(-1), { number: 2 });
  assert.equal(pen.stage.state.pen.undo.length, 2);
  pen.pin(4, 0);
  pen.key("Delete");
  assert.equal(pen.announced.at(-1), "Point erased.");
  pen.close();
});

test("Enter picks a point up, arrow keys move it with the pin, Enter puts it down", () => {
  const pen = drawing("move");
  pen.pin(8.8, 9);
  pen.key("Enter");
  pen.pin(8.6, 9);
  assert.ok(pen.key("ArrowLeft").defaultPrevented);
  pen.key("Enter");
  pen.pin(2, 2);
  assert.ok(!pen.key("ArrowLeft").defaultPrevented); // only the pin moves
  assert.deepEqual(pen.marks().at(-1), { number: 2, label: 0, place: [8.6, 9] });
  assert.ok(pen.marks().every(({ number }) => number === 2));
  assert.equal(pen.stage.state.pen.undo.length, 1);
  assert.equal(pen.stage.state.pen.isDown, false);
  pen.close();
});

test("without a tool in hand the keys do nothing", () => {
  const pen = drawing("pin");
  pen.pin(5, 5);
  for (const key of ["Enter", "Delete"]) assert.ok(!pen.key(key).defaultPrevented);
  assert.deepEqual(pen.marks(), []);
  pen.close();
});
