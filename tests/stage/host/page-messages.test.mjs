/** What the stage makes of the page's messages, and what it reports to the page. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { pendingReport } from "../../../nnviz/stage/host/page-messages.js";
import { settings } from "../../../nnviz/stage/run/run-state.js";
import { Harness, LIVE, LOOK, RECIPE } from "../harness.mjs";

function started() {
  const stage = new Harness();
  stage.line.open();
  stage.opens(RECIPE);
  stage.settle();
  return stage;
}

const message = (number, more) => ({
  page: "p", number, heard: 0, recipe: RECIPE, changed: {}, opened: { number: 1, recipe: RECIPE, epoch: null, look: {} },
  liveFields: LIVE, follow: false, sample: null, ...more,
});

test("what is older than what is known is ignored", () => {
  const stage = started();
  stage.do("page", { data: message(3, { recipe: { ...RECIPE, l2: 0.1 }, changed: { l2: 3 } }) });
  stage.do("page", { data: message(2, { recipe: { ...RECIPE, l2: 0.2 }, changed: { l2: 2 } }) });
  assert.equal(settings(stage.state.run).l2, 0.1);
});

for (const [what, more] of [
  ["of that run", {}],
  ["with an epoch and a look", { opened: { number: 1, recipe: RECIPE, epoch: 30, look: { ...LOOK, view: "threshold" } } }],
  ["of another run", { recipe: { ...RECIPE, hidden: [4] }, opened: { number: 1, recipe: { ...RECIPE, hidden: [4] }, epoch: null, look: {} } }],
]) {
  test(`a run that was begun before the first message is the same after one ${what}`, () => {
    const [plain, early] = [new Harness(), new Harness()];
    early.line.open();
    early.do("begin", { recipe: RECIPE });
    early.settle();
    assert.equal(early.state.run.epoch, 0);
    assert.equal(pendingReport(early.state.page), null); // there is no page yet
    for (const stage of [plain, early]) {
      stage.do("page", { data: message(1, more) });
      stage.settle();
    }
    const { epoch, recipe } = plain.state.run;
    assert.deepEqual([early.state.run.epoch, early.state.run.recipe, early.state.look], [epoch, recipe, plain.state.look]);
  });
}

test("nothing is done twice", () => {
  const stage = started();
  const data = message(2, { recipe: { ...RECIPE, l2: 0.1 }, changed: { l2: 2 } });
  stage.do("page", { data });
  stage.settle();
  stage.playTo(10);
  stage.do("weight", { at: [0, 0, 0], value: 1 });
  stage.settle();
  const { recipe } = stage.state.run;
  stage.do("page", { data });
  stage.settle();
  assert.equal(stage.state.run.recipe, recipe);
});

test("a field changed on the page keeps what people did on the stage meanwhile", () => {
  const stage = started();
  stage.do("renew");
  stage.do("page", { data: message(2, { recipe: { ...RECIPE, l2: 0.1 }, changed: { l2: 2 } }) });
  stage.settle();
  assert.deepEqual([settings(stage.state.run).seed, settings(stage.state.run).l2], [1, 0.1]);
});

test("a field that the other data set does not have is removed", () => {
  const stage = new Harness();
  stage.line.open();
  const iris = { ...RECIPE, data: "iris", features: ["a", "b"] };
  stage.opens(iris);
  stage.settle();
  stage.do("page", { data: message(2, { opened: { number: 1, recipe: iris, epoch: null, look: {} }, changed: { data: 2, features: 2 } }) });
  assert.deepEqual(settings(stage.state.run), RECIPE);
});

test("a link with an epoch rests there; one without goes on where it can", () => {
  const stage = started();
  stage.playTo(20);
  stage.opens({ ...RECIPE, l2: 0.1 });
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[20, "l2", 0.1]]);
  stage.opens({ ...RECIPE, seed: 4 }, 30, { ...LOOK, view: "threshold", threshold: 0.8, probe: [1, 0.5], stop_epoch: 90 });
  stage.settle();
  assert.equal(stage.state.run.epoch, 30);
  const { view, threshold, probe, stop_epoch, pace } = stage.state.look;
  assert.deepEqual({ view, threshold, probe, stop_epoch, pace }, { view: "threshold", threshold: 0.8, probe: [1, 0.5], stop_epoch: 90, pace: 5 });
});

test("the look of a link waits for its run", () => {
  const stage = started();
  stage.opens({ ...RECIPE, seed: 4 }, 30, { ...LOOK, rings: true });
  assert.equal(stage.state.look.rings, false);
  stage.line.turn();
  assert.equal(stage.state.look.rings, true);
});

test("a report holds the edits not confirmed yet, and is pending until it is acknowledged", () => {
  const stage = started();
  stage.playTo(20);
  stage.line.drop();
  stage.do("weight", { at: [0, 0, 0], value: 2 });
  const report = pendingReport(stage.state.page);
  assert.deepEqual(report.recipe.edits, [[20, "weight", 2, [0, 0, 0]]]);
  assert.deepEqual([report.page, report.heard], ["p", 1]);
  stage.do("page", { data: message(1, { heard: report.number - 1 }) });
  assert.equal(pendingReport(stage.state.page).number, report.number);
  stage.do("page", { data: message(1, { heard: report.number }) });
  assert.equal(pendingReport(stage.state.page), null);
});

test("while a weight is dragged nothing is reported", () => {
  const stage = started();
  const { number } = stage.state.page;
  stage.do("weight", { at: [0, 0, 0], value: 1, settled: false });
  stage.do("weight", { at: [0, 0, 0], value: 2, settled: false });
  stage.settle();
  assert.equal(stage.state.page.number, number);
  stage.do("weight", { at: [0, 0, 0], value: 2, settled: true });
  assert.equal(stage.state.page.number, number + 1);
});

test("of training points picked quickly the last counts, whatever the page answers to the first one", () => {
  const stage = started();
  stage.do("page", { data: message(2, { follow: true, sample: 0, changed: { sample: 2 } }) });
  stage.do("pick", { sample: 3 });
  const first = pendingReport(stage.state.page);
  stage.do("pick", { sample: 5 });
  stage.do("page", { data: message(2, { follow: true, sample: first.sample, heard: first.number }) });
  assert.equal(stage.state.page.sample, 5);
  assert.equal(pendingReport(stage.state.page).sample, 5);
});

const panel = (sample) => ({ follow: true, sample });
const pinned = (stage) => [pendingReport(stage.state.page).sample, pendingReport(stage.state.page).point];

test("a panel that opens leaves the pinned point where it is, and receives it", () => {
  const stage = started();
  stage.do("pin", { point: [0.3, 0.4] });
  assert.equal(pendingReport(stage.state.page), null); // nothing shows it
  stage.do("page", { data: message(2, panel(3)) });
  assert.deepEqual(stage.state.look.probe, [0.3, 0.4]);
  assert.deepEqual(pinned(stage), [null, [0.3, 0.4]]);
});

test("a panel that opens where nothing is pinned shows its training point", () => {
  const stage = started();
  stage.do("page", { data: message(2, panel(3)) });
  assert.deepEqual(pinned(stage), [3, null]);
});

test("a point pinned while a panel is open is reported, and a training point chosen there takes its place", () => {
  const stage = started();
  stage.do("page", { data: message(2, panel(3)) });
  stage.do("pin", { point: [0.3, 0.4] });
  assert.deepEqual(pinned(stage), [null, [0.3, 0.4]]);
  stage.do("page", { data: message(3, { ...panel(3), changed: { sample: 3 } }) });
  assert.deepEqual(pinned(stage), [3, null]);
  stage.do("pin", { point: null });
  assert.deepEqual(pinned(stage), [3, null]);
});

test("the point of a link is no training point", () => {
  const stage = started();
  stage.do("page", { data: message(2, panel(3)) });
  stage.number = 2;
  stage.opens({ ...RECIPE, seed: 4 }, 30, { ...LOOK, probe: [1, 0.5] });
  stage.settle();
  stage.do("page", { data: message(4, panel(3)) });
  assert.deepEqual(pinned(stage), [null, [1, 0.5]]);
});

test("a page that follows gets a report where the run rests, and none while it plays", () => {
  const stage = started();
  stage.do("page", { data: message(2, { follow: true }) });
  const { number } = stage.state.page;
  stage.run.play(true);
  for (let i = 0; i < 5; i++) {
    stage.paint();
    stage.line.turn();
  }
  assert.equal(stage.state.page.number, number);
  stage.run.play(false);
  assert.equal(pendingReport(stage.state.page).epoch, stage.state.run.epoch);
});

test("a page of a server that was restarted gets a report of the run on the stage", () => {
  const stage = started();
  stage.playTo(20);
  stage.do("weight", { at: [0, 0, 0], value: 2 });
  stage.settle();
  const { number } = pendingReport(stage.state.page);
  stage.do("page", { data: message(1, { heard: number }) });
  stage.do("page", { data: message(1, { page: "q", opened: { number: 1, recipe: RECIPE, epoch: 0, look: {} } }) });
  assert.equal(stage.state.run.epoch, 20);
  const report = pendingReport(stage.state.page);
  assert.deepEqual(report.recipe.edits, [[20, "weight", 2, [0, 0, 0]]]);
  assert.equal(report.page, "p"); // the page then goes on as that one
});

test("a file is reported once, and not with every report that follows", () => {
  const stage = started();
  stage.do("experiment", { text: "{}" });
  const report = pendingReport(stage.state.page);
  assert.deepEqual(report.experiment, { number: report.number, text: "{}" });
  stage.do("page", { data: message(1, { heard: report.number }) });
  assert.equal(pendingReport(stage.state.page), null);
  stage.do("renew");
  assert.equal(pendingReport(stage.state.page).experiment, null);
});

test("a stage that takes the place of another counts on from there", () => {
  const stage = new Harness();
  stage.line.open();
  stage.do("page", { data: message(7, { heard: 12, opened: { number: 7, recipe: RECIPE, epoch: null, look: {} } }) });
  stage.settle();
  stage.do("renew");
  assert.equal(pendingReport(stage.state.page).number, 13);
});

test("a stage that takes the place of another shows the run that the page knows, not what was opened once", () => {
  const stage = new Harness();
  stage.line.open();
  const recipe = { ...RECIPE, seed: 9, edits: [[5, "l2", 0.1]] };
  stage.do("page", { data: message(3, { heard: 12, recipe, opened: { number: 1, recipe: RECIPE, epoch: 30, look: LOOK } }) });
  stage.settle();
  assert.deepEqual(stage.state.run.recipe, recipe);
  assert.equal(stage.state.run.epoch, 0);
});

test("a file can be acknowledged while a weight is dragged and the server is away", () => {
  const stage = started();
  stage.do("experiment", { text: "{}" });
  const { number } = pendingReport(stage.state.page);
  stage.do("weight", { at: [0, 0, 0], value: 1, settled: false });
  stage.line.drop();
  stage.do("page", { data: message(1, { heard: number }) });
  stage.do("weight", { at: [0, 0, 0], value: 2 });
  assert.equal(pendingReport(stage.state.page).experiment, null);
});

test("the epoch of one run is not reported for another", () => {
  const stage = started();
  stage.do("page", { data: message(2, { follow: true }) });
  stage.playTo(40);
  const { number } = pendingReport(stage.state.page);
  stage.do("page", { data: message(3, { heard: number, follow: false }) });
  stage.do("renew");
  assert.equal(pendingReport(stage.state.page).epoch, 0);
});

test("a repeated message does not bring back a change that was removed on the stage", () => {
  const stage = started();
  stage.playTo(10);
  const data = message(2, { recipe: { ...RECIPE, l2: 0.1 }, changed: { l2: 2 } });
  stage.do("page", { data });
  stage.settle();
  stage.do("remove", { edit: [10, "l2", 0.1] });
  stage.do("page", { data });
  stage.settle();
  assert.equal(settings(stage.state.run).l2, 0);
});

test("an edit that was reported and then removed is reported again, though the page has that recipe itself", () => {
  const stage = started();
  stage.playTo(10);
  stage.do("weight", { at: [0, 0, 0], value: 1 });
  const { number } = pendingReport(stage.state.page);
  stage.settle();
  stage.do("remove", { edit: [10, "weight", 1, [0, 0, 0]] });
  assert.equal(pendingReport(stage.state.page).number, number + 1);
  assert.equal(pendingReport(stage.state.page).recipe.edits, undefined);
});

test("a link with strokes that the run has not opens them where the run is", () => {
  const stage = started();
  stage.playTo(20);
  const recipe = { ...RECIPE, edits: [[10, "points", "3_1_1_2"]] };
  const before = stage.state.run.starts;
  stage.page({ recipe, opened: { number: stage.number + 1, recipe, epoch: null, look: {} } });
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, recipe.edits);
  assert.equal(stage.state.run.epoch, 20);
  stage.opens(recipe);
  stage.settle();
  assert.equal(stage.state.run.starts, before + 1); // they are there: the run goes on
});

test("what was drawn before the page's first message stays", () => {
  const stage = new Harness();
  stage.line.open();
  const recipe = { ...RECIPE, edits: [[0, "points", "3_1_1_2"]] };
  stage.do("begin", { recipe });
  stage.settle();
  stage.do("draw", { marks: [{ number: 4, label: 0, place: [2, 1] }] });
  stage.do("lift");
  stage.settle();
  stage.opens(recipe);
  stage.settle();
  assert.deepEqual(stage.state.run.recipe.edits, [[0, "points", "3_1_1_2~4_0_2_1"]]);
});
