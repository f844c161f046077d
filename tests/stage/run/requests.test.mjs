/** The next request of a run. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nextRequest } from "../../../nnviz/stage/run/requests.js";
import { FIRST_RUN } from "../../../nnviz/stage/run/run-state.js";

const RECIPE = { seed: 0, l2: 0 };
/** Open on the server and shown at epoch 40. */
const RUN = {
  ...FIRST_RUN, connected: true, recipe: RECIPE, epoch: 40, knownEpochs: 41, server: { recipe: RECIPE, epoch: 40 },
  requests: 7, pictureKey: "{}", probed: "[1,2]",
};

const WINDOW = 3;
const next = (changes, { picture = {}, probe = [1, 2], exported } = {}) =>
  nextRequest({ ...RUN, ...changes }, picture, 5, probe, WINDOW, exported);
const request = (...args) => next(...args)?.request ?? null;

/** Requests under way, of this turn where none is given. */
const underWay = (...requests) => requests.map((one) => ({ recipe: RECIPE, pictureKey: "{}", turn: 0, request: { id: 1, ...one } }));
const FRAME = { op: "frame", epochs: 5 };

test("a run at rest, with all shown that is wanted, needs nothing", () => {
  assert.equal(next({}), null);
});

test("where a run with hidden layers rests, their health is requested, once", () => {
  const recipe = { ...RECIPE, hidden: [3] };
  const resting = { recipe, server: { recipe, epoch: 40 } };
  assert.deepEqual(pick(request(resting), ["op", "picture", "health"]), { op: "frame", picture: false, health: true });
  assert.equal(next({ ...resting, health: { epoch: 40, warning: "" } }), null);
  assert.equal(next({ ...resting, sent: underWay({ op: "frame", health: true }) }), null);
  assert.equal(request({ ...resting, health: { epoch: 39, warning: "" } }).health, true);
  assert.equal(request({ ...resting, playing: true }).health, undefined); // frames are not slowed
});

test("nothing is requested while offline, or before the run is open", () => {
  for (const blocked of [{ connected: false }, { recipe: null }, { sent: underWay({ op: "open" }) }]) {
    assert.equal(next({ playing: true, ...blocked }), null);
  }
});

test("as many frames are requested ahead as the window has, each with the rows that it trains", () => {
  const playing = { playing: true };
  assert.deepEqual(pick(request(playing), ["epochs", "since", "epoch"]), { epochs: 5, since: 41, epoch: undefined });
  assert.deepEqual(pick(request({ ...playing, sent: underWay(FRAME, FRAME) }), ["epochs", "since", "epoch"]), { epochs: 5, since: null, epoch: undefined });
  assert.equal(next({ ...playing, sent: underWay(FRAME, FRAME, FRAME) }), null);
});

test("after a pause, frames of the turn before do not count, and the first of the new one says where it begins", () => {
  const stale = { turn: 1, sent: underWay(FRAME, FRAME, FRAME) };
  assert.deepEqual(pick(request({ ...stale, playing: true }), ["op", "epoch", "epochs", "since"]), { op: "frame", epoch: 40, epochs: 5, since: 41 });
  assert.deepEqual(pick(request(stale), ["op", "epoch", "picture"]), { op: "seek", epoch: 40, picture: false }); // the server stops
});

test("an epoch that takes more than one request is asked for again, as long as the window has room", () => {
  const far = { target: 900, onTheWay: 900, server: { recipe: RECIPE, epoch: 100 } };
  assert.deepEqual(pick(request(far), ["op", "epoch", "onward"]), { op: "seek", epoch: 900, onward: true });
  const SEEK = { op: "seek", epoch: 900, onward: true };
  assert.equal(next({ ...far, sent: underWay(SEEK, SEEK, SEEK) }), null);
  assert.equal(request({ ...far, target: 20 }).onward, undefined); // people have gone elsewhere
});

test("while people scrub, each epoch is requested at once, but not twice", () => {
  const scrubbed = { target: 30, sent: underWay({ op: "seek", epoch: 20 }) };
  assert.deepEqual(pick(request(scrubbed), ["op", "epoch"]), { op: "seek", epoch: 30 });
  assert.equal(next({ ...scrubbed, target: 20 }), null);
});

test("the run is opened first, with the simplest picture; one that was refused is not", () => {
  const elsewhere = { playing: true, server: { recipe: { ...RECIPE }, epoch: 0 } };
  const { op, recipe, since } = request(elsewhere, { picture: { predicted: true } });
  assert.deepEqual({ op, recipe, since }, { op: "open", recipe: RECIPE, since: 0 });
  assert.equal(next(elsewhere, { picture: { predicted: true } }).pictureKey, "{}");
  assert.equal(next({ ...elsewhere, refused: RECIPE }), null);
});

test("an edit is made at its own epoch, and shown where people are", () => {
  const edit = { epoch: 20, field: "l2", value: 1 };
  const there = next({ edits: [edit] });
  assert.deepEqual(pick(there.request, ["op", "epoch", "field", "value", "since", "picture"]), { op: "edit", epoch: 20, field: "l2", value: 1, since: 20, picture: false });
  assert.equal(there.edit, edit);
  assert.equal(request({ edits: [edit], epoch: 20, server: { recipe: RECIPE, epoch: 20 } }).picture, true);
});

test("a run that plays goes on from an edit before its reply has come; further edits wait for that", () => {
  const edit = { epoch: 40, field: "l2", value: 1 };
  const sent = underWay({ op: "edit", epoch: 40, picture: true }).map((one) => ({ ...one, edit }));
  const first = request({ playing: true, edits: [edit], sent });
  assert.deepEqual(pick(first, ["op", "epochs", "since", "epoch"]), { op: "frame", epochs: 5, since: 41, epoch: undefined });
  assert.equal(next({ playing: true, edits: [edit, { ...edit, value: 2 }], sent }), null);
});

test("the server goes to where people are, with a picture only where that is not shown", () => {
  assert.deepEqual(pick(request({ target: 10 }), ["op", "epoch", "picture"]), { op: "seek", epoch: 10, picture: undefined });
  const behind = { server: { recipe: RECIPE, epoch: 0 } };
  assert.deepEqual(pick(request(behind), ["op", "epoch", "picture"]), { op: "seek", epoch: 40, picture: false });
  assert.equal(request(behind, { picture: { predicted: true } }).picture, undefined);
});

test("a step trains one epoch, and each is requested once; history rows come from the first unknown", () => {
  assert.deepEqual(pick(request({ epochsToTrain: 2 }), ["op", "epochs", "since", "id"]), { op: "frame", epochs: 1, since: 41, id: 8 });
  const STEP = { op: "frame", epochs: 1 };
  assert.deepEqual(pick(request({ epochsToTrain: 2, sent: underWay(STEP) }), ["epochs", "since"]), { epochs: 1, since: null });
  assert.equal(next({ epochsToTrain: 2, sent: underWay(STEP, STEP) }), null);
});

test("an export goes before the next frame", () => {
  const exported = { what: "link" };
  const sent = next({ playing: true }, { exported });
  assert.deepEqual(sent.request, { id: 8, op: "export", what: "link", epoch: 40 });
  assert.equal(sent.exported, exported);
  assert.equal(request({ playing: true, sent: underWay(sent.request) }, { exported }).op, "frame");
});

test("another picture is requested; one that was refused is not, but the simplest instead", () => {
  const picture = { predicted: true };
  assert.deepEqual(pick(request({}, { picture }), ["op", "epochs", "predicted"]), { op: "frame", epochs: undefined, predicted: true });
  assert.equal(next({ blocked: JSON.stringify(picture) }, { picture }), null);
});

test("another point is requested without a picture, which stays as it is", () => {
  const sent = next({}, { probe: [3, 4] });
  assert.deepEqual(pick(sent.request, ["op", "probe", "picture"]), { op: "frame", probe: [3, 4], picture: false });
  assert.equal(sent.pictureKey, RUN.pictureKey);
});

const pick = (object, names) => Object.fromEntries(names.map((name) => [name, object[name]]));
