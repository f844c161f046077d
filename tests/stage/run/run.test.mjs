import assert from "node:assert/strict";
import { test } from "node:test";

import { messageOf, position, wholeRecipe } from "../../../nnviz/stage/run/run-state.js";
import { Harness, LOOK, RECIPE } from "../harness.mjs";
import { endOf, lossOf, truth } from "../session.mjs";

function started(recipe = RECIPE, options = {}) {
  const stage = new Harness(options);
  stage.line.open();
  stage.opens(recipe);
  stage.settle();
  return stage;
}

test("the first picture is that of epoch 0", () => {
  const stage = started();
  assert.equal(stage.state.run.epoch, 0);
  assert.equal(stage.shown, truth(RECIPE, 0));
});

test("playing paints frame after frame, and a pause rests on the one shown", () => {
  const stage = started();
  stage.playTo(20);
  assert.equal(stage.state.run.epoch, 20);
  assert.equal(stage.shown, truth(RECIPE, 20));
  assert.equal(stage.state.run.knownEpochs, 21);
});

test("frames that arrive after a pause are dropped", () => {
  const stage = started();
  stage.run.play(true);
  stage.line.work(); // the server has trained on
  stage.run.play(false);
  stage.line.deliver();
  stage.settle();
  assert.equal(stage.state.run.epoch, 0);
  assert.equal(stage.state.run.knownEpochs, 1);
  assert.equal(stage.state.run.server.epoch, 0);
});

/** Playing at epoch 0, with frames ahead: some have arrived, some are on their way. */
function ahead() {
  const stage = started();
  Object.defineProperty(stage.run.credit, "window", { value: 6 });
  stage.run.play(true);
  for (let turn = 0; turn < 4; turn++) stage.line.turn();
  return stage;
}

/** The epochs that are shown from now on. */
function shownOf(stage) {
  const epochs = [];
  stage.store.watch(({ run }) => run.epoch, (epoch) => epochs.push(epoch));
  return epochs;
}

test("frames arrive ahead, and one at a time is shown when the display is ready", () => {
  const stage = ahead();
  assert.deepEqual([stage.state.run.epoch, stage.state.run.knownEpochs], [0, 1]);
  stage.paint();
  assert.deepEqual([stage.state.run.epoch, stage.shown], [5, truth(RECIPE, 5)]);
  for (let turn = 0; turn < 5; turn++) stage.paint();
  assert.equal(stage.state.run.epoch, 20); // no more have arrived
});

test("no more frames are requested than may be ahead, however long the display takes", () => {
  const stage = ahead();
  for (let turn = 0; turn < 50; turn++) stage.line.turn();
  assert.equal(stage.state.run.sent.length, stage.run.credit.window);
});

test("a run that had come before it was asked for does not make the way to the server look short", () => {
  const stage = new Harness();
  stage.line.open();
  stage.opens(RECIPE);
  stage.line.turn(); // replied in no time
  stage.run.play(true);
  for (let turn = 0; turn < 3; turn++) {
    stage.now += 200;
    stage.line.turn();
    stage.paint();
  }
  const { window } = stage.run.credit;
  assert.ok(window >= 200 / (1000 / 60), `${window} frames ahead at a round trip of 200 ms`);
});

test("played on after a pause, a run goes on from where it rests, not from frames of before", () => {
  const stage = ahead();
  stage.paint();
  stage.run.play(false);
  assert.equal(stage.state.run.epoch, 5);
  stage.run.play(true);
  const epochs = shownOf(stage);
  stage.turns(12);
  assert.deepEqual(epochs.slice(0, 5), [10, 15, 20, 25, 30]);
  assert.equal(stage.shown, truth(RECIPE, stage.state.run.epoch));
});

test("an edit while playing is made at the epoch shown, and frames with it are requested at once", () => {
  const stage = ahead();
  stage.paint();
  const before = stage.line.sent.length;
  stage.changes({ learning_rate: 0.1 });
  assert.deepEqual(stage.line.sent.slice(before, before + 2).map(({ op, epoch }) => [op, epoch]), [["edit", 5], ["frame", undefined]]);
  stage.turns(6);
  assert.deepEqual(stage.state.run.recipe.edits, [[5, "learning_rate", 0.1]]);
  assert.ok(stage.state.run.epoch > 5);
  assert.equal(stage.shown, truth(stage.state.run.recipe, stage.state.run.epoch));
  for (let epoch = 0; epoch < stage.state.run.knownEpochs; epoch++) {
    assert.equal(stage.run.history.trainLoss(epoch), lossOf(stage.state.run.recipe, epoch));
  }
});

test("the server carries out no frame that was requested before an edit", () => {
  const stage = started();
  stage.run.play(true);
  stage.changes({ learning_rate: 0.1 });
  stage.line.work();
  stage.line.work();
  assert.equal(stage.line.session.epoch, 0);
});

test("an export of a run that plays is of the epoch shown, and the run goes on from there", async () => {
  const stage = ahead();
  stage.paint();
  const exported = stage.run.export({ what: "link" });
  const epochs = shownOf(stage);
  stage.turns(12);
  assert.equal((await exported).header.epoch, 5);
  assert.deepEqual(epochs.slice(0, 5), [10, 15, 20, 25, 30]);
  assert.equal(stage.shown, truth(RECIPE, stage.state.run.epoch));
});

test("what follows a refused edit is requested anew", () => {
  const stage = started();
  stage.do("weight", { at: [1, 0, 0], value: "bad" });
  const { turn } = stage.state.run;
  stage.line.turn();
  assert.deepEqual([stage.state.run.edits, stage.state.run.turn], [[], turn + 1]);
});

test("the probabilities shown are of the epoch shown", () => {
  const stage = ahead();
  stage.run.play(false);
  stage.line.deliver();
  assert.equal(stage.state.answer.probabilities[0], lossOf(RECIPE, 0));
  stage.settle();
  assert.equal(stage.state.answer.probabilities[0], lossOf(RECIPE, 0));
});

test("each epoch that people scrub through is requested without waiting, and shown where it still is on the way", () => {
  const stage = started();
  stage.playTo(60);
  for (const epoch of [50, 40]) stage.do("go", { epoch });
  assert.deepEqual(stage.line.due.map(({ op, epoch }) => [op, epoch]), [["dropped", undefined], ["seek", 40]]);
  stage.settle();
  for (const epoch of [30, 20]) {
    stage.do("go", { epoch });
    stage.line.work();
  }
  stage.line.deliver();
  assert.deepEqual([stage.state.run.epoch, position(stage.state.run)], [30, 20]);
  stage.line.deliver();
  assert.equal(stage.state.run.epoch, 20);
});

test("what a listener changes while a reply is taken in counts for the next request", () => {
  const stage = ahead();
  stage.store.watch(({ run }) => run.recipe, () => {
    if (stage.state.run.recipe.edits?.length === 1) stage.do("weight", { at: [0, 0, 1], value: 4 });
  });
  stage.do("weight", { at: [0, 0, 0], value: 3 });
  stage.turns(8);
  stage.run.play(false);
  stage.settle();
  assert.equal(stage.state.run.recipe.edits.length, 2);
  assert.equal(stage.shown, truth(stage.state.run.recipe, stage.state.run.epoch));
  const ids = stage.line.sent.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
});

test("a weight typed while offline is an edit at the epoch shown", () => {
  const stage = started();
  stage.playTo(100);
  stage.line.drop();
  stage.do("weight", { at: [0, 0, 1], value: 3 });
  assert.deepEqual(wholeRecipe(stage.state.run).edits, [[100, "weight", 3, [0, 0, 1]]]);
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[100, "weight", 3, [0, 0, 1]]]);
  assert.equal(stage.state.run.epoch, 100);
  assert.equal(stage.shown, truth(stage.state.run.recipe, 100));
});

test("a setting changed while a long replay runs counts from the epoch people go to", () => {
  const stage = started(RECIPE, { trains: (most) => Math.min(most, 1000) });
  stage.opens(RECIPE, 6000);
  stage.line.turn();
  stage.line.turn();
  stage.changes({ learning_rate: 0.1 });
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[6000, "learning_rate", 0.1]]);
  assert.equal(stage.state.run.epoch, 6000);
});

test("play during a replay goes on from its end, and the message of the replay stays until then", () => {
  const stage = new Harness({ trains: (most) => Math.min(most, 1000) });
  stage.opens(RECIPE, 6000);
  stage.line.open();
  stage.line.turn();
  stage.paint();
  stage.run.play(true);
  stage.line.turn();
  assert.equal(messageOf(stage.state.run).text, "Replaying the run to epoch 6000.");
  stage.changes({ learning_rate: 0.1 });
  for (let i = 0; i < 40; i++) {
    stage.paint();
    stage.line.turn();
  }
  stage.run.play(false);
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[6000, "learning_rate", 0.1]]);
  assert.ok(stage.state.run.epoch > 6000);
  assert.equal(messageOf(stage.state.run).text, "");
  assert.equal(stage.shown, truth(stage.state.run.recipe, stage.state.run.epoch));
});

test("a stop rule does not fire again while the run catches up after a drop", () => {
  const stage = started();
  stage.do("look", { changes: { stop_epoch: 60 } });
  stage.run.play(true);
  while (stage.state.run.playing) {
    stage.paint();
    stage.line.turn();
  }
  stage.settle();
  assert.equal(stage.state.run.epoch, 60);
  assert.equal(messageOf(stage.state.run).text, "Stopped at epoch 60, as set.");
  stage.run.play(true);
  for (let i = 0; i < 20; i++) {
    stage.paint();
    stage.line.turn();
  }
  const { epoch } = stage.state.run;
  assert.ok(epoch > 100);
  stage.line.drop();
  stage.line.open();
  for (let i = 0; i < 10; i++) {
    stage.paint();
    stage.line.turn();
  }
  assert.equal(stage.state.run.playing, true);
  assert.ok(stage.state.run.epoch >= epoch);
});

test("scrubbing past the epoch of a stop rule does not stop", () => {
  const stage = started();
  stage.playTo(60);
  stage.do("go", { epoch: 10 });
  stage.settle();
  stage.do("look", { changes: { stop_epoch: 30 } });
  stage.do("go", { epoch: 50 });
  stage.settle();
  assert.equal(stage.state.run.epoch, 50);
});

test("pictures of a new network are not requested with the old one's units", () => {
  const stage = started();
  stage.do("units", { units: { sizes: [2, 3, 2], network: [[0, 2], [0, 3], [0, 2]] } });
  stage.do("look", { changes: { tab: "network" } });
  stage.settle();
  assert.ok(stage.state.frame.planes.asked.network);
  stage.run.play(true);
  stage.line.turn();
  stage.changes({ hidden: [5, 4] });
  for (let i = 0; i < 6; i++) {
    stage.line.turn();
    stage.paint();
  }
  assert.equal(messageOf(stage.state.run).text, "");
  assert.equal(stage.state.run.playing, true);
  assert.equal(stage.state.frame.planes.asked.network, undefined);
});

test("an error for an earlier run changes nothing", () => {
  const stage = started();
  stage.do("weight", { at: [0, 0, 0], value: "bad" });
  stage.line.work();
  stage.opens({ ...RECIPE, seed: 5 }, 40);
  stage.line.deliver();
  assert.equal(stage.state.run.target, 40);
  stage.settle();
  assert.equal(messageOf(stage.state.run).text, "");
  assert.equal(stage.state.run.epoch, 40);
});

test("a refused edit gives a message, and nothing else is lost", () => {
  const stage = started();
  stage.playTo(30);
  stage.do("go", { epoch: 10 });
  stage.settle();
  stage.do("weight", { at: [0, 0, 0], value: "bad" });
  stage.settle();
  assert.equal(messageOf(stage.state.run).text, "weight must be a number; got bad");
  assert.deepEqual(stage.state.run.edits, []);
  assert.equal(stage.state.run.knownEpochs, 31);
  assert.equal(stage.state.run.epoch, 10);
});

test("an edit drops what came after, but the settings stay as they are shown", () => {
  const stage = started();
  stage.playTo(20);
  stage.changes({ learning_rate: 0.1 });
  stage.settle();
  stage.playTo(40);
  stage.do("go", { epoch: 10 });
  stage.settle();
  stage.do("weight", { at: [0, 0, 1], value: 2 });
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[10, "weight", 2, [0, 0, 1]], [10, "learning_rate", 0.1]]);
  assert.equal(stage.run.ghosts.runs.at(-1).last, 40);
  assert.equal(stage.state.run.knownEpochs, 11);
});

test("an export is of the very moment shown", async () => {
  const stage = started();
  stage.playTo(20);
  stage.line.drop();
  stage.line.open();
  stage.line.turn(); // open again on the server, at epoch 0
  const answer = stage.run.export({ what: "link" });
  stage.settle();
  const { header } = await answer;
  assert.equal(header.epoch, 20);
});

test("an export fails with a sentence while the server is away", async () => {
  const stage = started();
  stage.line.drop();
  await assert.rejects(stage.run.export({ what: "link" }), /can’t be reached/);
});

test("a point hovered while nothing moves is requested once", () => {
  const stage = started();
  const before = stage.line.sent.length;
  stage.do("hover", { point: [0.25, 0.5] });
  stage.settle();
  assert.deepEqual(stage.state.answer.at, [0.25, 0.5]);
  assert.equal(stage.line.sent.length, before + 1);
  assert.equal(position(stage.state.run), 0);
});

const UNSTABLE = { ...RECIPE, learning_rate: 0.9 };

test("a change at an epoch that the run never reaches counts from its end", () => {
  const end = endOf(UNSTABLE, 1000);
  assert.ok(end > 10 && end < 1000);
  const stage = started(RECIPE, { trains: (most) => Math.min(most, 5) });
  stage.opens(UNSTABLE, 6000);
  stage.line.turn();
  stage.changes({ learning_rate: 0.1 });
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[end, "learning_rate", 0.1]]);
  assert.equal(stage.state.run.epoch, end);
  assert.equal(stage.shown, truth(stage.state.run.recipe, end));
  assert.equal(messageOf(stage.state.run).text, "");
});

test("a run that is to go beyond its end rests there, with a message", () => {
  const stage = started(UNSTABLE);
  stage.opens({ ...UNSTABLE, l2: 0 }, 2000);
  stage.settle();
  assert.equal(stage.state.run.epoch, endOf(UNSTABLE, 2000));
  assert.equal(messageOf(stage.state.run).text, "The loss is no longer finite.");
});

test("where one of two unconfirmed edits is removed, the history is that of the other", () => {
  const stage = started();
  stage.playTo(100);
  stage.line.drop();
  stage.do("go", { epoch: 50 });
  stage.changes({ l2: 0.1 });
  stage.do("go", { epoch: 80 });
  stage.changes({ learning_rate: 0.1 });
  stage.do("remove", { edit: [80, "learning_rate", 0.1] });
  stage.settle();
  const { knownEpochs, recipe } = stage.state.run;
  for (let epoch = 0; epoch < knownEpochs; epoch++) assert.equal(stage.run.history.trainLoss(epoch), lossOf(recipe, epoch));
});

test("a refused export changes nothing in the run", async () => {
  const stage = started();
  stage.do("units", { units: { sizes: [2, 3, 2], network: [[0, 2], [0, 3], [0, 2]] } });
  stage.do("look", { changes: { tab: "network" } });
  stage.run.play(true);
  stage.turns(4);
  const answer = assert.rejects(stage.run.export({ what: "bad" }), /what must be one of link/);
  stage.turns(6);
  await answer;
  assert.equal(stage.state.run.playing, true);
  assert.equal(messageOf(stage.state.run).text, "");
  assert.ok(stage.state.frame.planes.asked.network);
});

test("an export requested of one run is not made of another", async () => {
  const stage = started();
  stage.playTo(20);
  stage.do("hover", { point: [0.5, 0.5] }); // a request is under way
  const answer = assert.rejects(stage.run.export({ what: "link" }), /Another run has begun/);
  stage.do("renew");
  stage.settle();
  await answer;
});

test("after a drag that another network interrupted, reports go on", () => {
  const stage = started();
  stage.do("weight", { at: [0, 0, 0], value: 1, settled: false });
  stage.changes({ hidden: [5] });
  const { number } = stage.state.page;
  stage.do("renew");
  assert.equal(stage.state.page.number, number + 1);
});

test("a weight of the diagram before is not set in the new run", () => {
  const stage = started();
  stage.changes({ hidden: [4] });
  stage.do("weight", { at: [0, 0, 2], value: 5 });
  stage.settle();
  assert.equal(stage.state.run.recipe.edits, undefined);
});

test("a run that the server refuses does not play", () => {
  const stage = started();
  stage.line.session.handle = ({ id }) => ({ header: { type: "error", id, message: "no" }, arrays: {} });
  stage.opens({ ...RECIPE, seed: 9 }, 30, { ...LOOK, rings: true });
  stage.settle();
  stage.run.play(true);
  assert.equal(stage.state.run.playing, false);
  assert.equal(stage.state.pendingLook, null);
});

test("L2 set where a run rests, then a reset: the run before stays, as one without L2", () => {
  const stage = started();
  stage.playTo(40);
  stage.changes({ l2: 0.1 });
  stage.settle();
  stage.do("reset");
  stage.settle();
  const { recipe } = stage.state.run;
  assert.equal(recipe.l2, 0.1);
  assert.deepEqual(stage.run.ghosts.beside(recipe).map((ghost) => [ghost.recipe, ghost.last]), [[RECIPE, 40]]);
});

test("a run that cannot go on says why when it is played, or stepped", () => {
  for (const act of [(stage) => stage.run.play(true), (stage) => stage.do("step")]) {
    const stage = started({ ...RECIPE, learning_rate: 0.9 });
    stage.playTo(endOf({ ...RECIPE, learning_rate: 0.9 }, 5000) + 1);
    assert.ok(stage.state.run.diverged);
    stage.do("message", { text: "", kind: "note" });
    act(stage);
    assert.equal(messageOf(stage.state.run).text, "The loss is no longer finite. Lower the learning rate at an earlier epoch, or reset.");
    assert.equal(stage.state.run.playing, false);
  }
});
