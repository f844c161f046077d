import assert from "node:assert/strict";
import { test } from "node:test";

import { connectDial } from "../../../nnviz/stage/controls/run-dial.js";
import { wholeRecipe } from "../../../nnviz/stage/run/run-state.js";
import { Harness, RECIPE } from "../harness.mjs";

/** A dial without a browser. */
class Shown {
  widget = { field: "learning_rate" };
  value = 0.1;
  enable(isEnabled) {
    this.isEnabled = isEnabled;
  }
  show(value) {
    this.value = value;
  }
}

function connected() {
  const stage = new Harness();
  const dial = new Shown();
  const disconnect = connectDial(dial, stage.store);
  return { stage, dial, disconnect };
}

test("it can be used as soon as there is a run, and shows its setting", () => {
  const { stage, dial } = connected();
  assert.deepEqual([dial.isEnabled, dial.value], [false, 0.1]);
  stage.opens(RECIPE);
  assert.deepEqual([dial.isEnabled, dial.value], [true, 0.5]);
});

test("it changes the setting at the epoch shown, also while the server is away", () => {
  const { stage, dial } = connected();
  stage.opens(RECIPE);
  stage.settle();
  stage.playTo(20);
  const { epoch } = stage.state.run;
  stage.line.drop();
  dial.changed(0.3);
  dial.changed(0.2); // of one drag, only the last value stays
  assert.deepEqual(wholeRecipe(stage.state.run).edits, [[epoch, "learning_rate", 0.2]]);
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[epoch, "learning_rate", 0.2]]);
  assert.equal(stage.state.run.epoch, epoch);
});

/** A dial connected with a run that plays, at another epoch for every value that it is given. */
function dragged(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { stage, dial } = connected();
  stage.opens(RECIPE);
  stage.settle();
  stage.run.play(true);
  const move = (value) => {
    stage.turns(2);
    dial.value = value; // as a dial shows it
    dial.changed(value, true);
    return stage.state.run.epoch;
  };
  return { stage, dial, move };
}

const edits = ({ state }) => wholeRecipe(state.run).edits;

test("a drag while the run plays leaves one edit, where the hand lets go", (context) => {
  const { stage, dial, move } = dragged(context);
  const epochs = [0.4, 0.3, 0.2].map(move);
  assert.equal(new Set(epochs).size, 3);
  assert.equal(edits(stage), undefined);
  dial.changed(0.2, false);
  assert.deepEqual(edits(stage), [[epochs[2], "learning_rate", 0.2]]);
  context.mock.timers.tick(10_000);
  assert.equal(edits(stage).length, 1);
});

test("a value at which the hand rests counts, and stays under the hand when it moves on", (context) => {
  const { stage, dial, move } = dragged(context);
  move(0.4);
  const epoch = move(0.3);
  context.mock.timers.tick(300);
  assert.deepEqual(edits(stage), [[epoch, "learning_rate", 0.3]]);
  move(0.2);
  stage.turns(2); // the server confirms the edit
  assert.deepEqual(stage.state.run.recipe.edits, [[epoch, "learning_rate", 0.3]]);
  assert.equal(dial.value, 0.2);
});

test("while the run rests a drag is followed at once", () => {
  const { stage, dial } = connected();
  stage.opens(RECIPE);
  stage.settle();
  stage.playTo(20);
  dial.changed(0.3, true);
  assert.deepEqual(edits(stage), [[stage.state.run.epoch, "learning_rate", 0.3]]);
});

test("a value that is in force already changes nothing", () => {
  const { stage, dial } = connected();
  stage.opens(RECIPE);
  stage.settle();
  const before = stage.state;
  dial.changed(0.5);
  assert.equal(stage.state, before);
});

test("it follows links, edits that are removed, and another run", () => {
  const { stage, dial, disconnect } = connected();
  stage.opens({ ...RECIPE, edits: [[5, "learning_rate", 2]] }, 9);
  assert.equal(dial.value, 2);
  stage.settle();
  stage.do("remove", { edit: [5, "learning_rate", 2] });
  assert.equal(dial.value, 0.5);
  disconnect();
  stage.opens({ ...RECIPE, learning_rate: 1 });
  assert.equal(dial.value, 0.5);
});

test("the page hears of it by the next report", () => {
  const { stage, dial } = connected();
  stage.opens(RECIPE);
  stage.settle();
  dial.changed(0.3);
  assert.equal(JSON.parse(stage.state.page.content).recipe.learning_rate, 0.3);
});
