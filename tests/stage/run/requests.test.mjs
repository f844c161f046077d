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

const next = (changes, { picture = {}, probe = [1, 2], exported } = {}) =>
  nextRequest({ ...RUN, ...changes }, picture, 5, probe, exported);
const request = (...args) => next(...args)?.request ?? null;

test("a run at rest, with all shown that is wanted, needs nothing", () => {
  assert.equal(next({}), null);
});

test("one request at a time, and none while offline or while a picture waits", () => {
  for (const blocked of [{ connected: false }, { recipe: null }, { sent: {} }, { unpainted: true }]) {
    assert.equal(next({ playing: true, ...blocked }), null);
  }
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
  assert.deepEqual(pick(request({ edits: [edit] }), ["op", "epoch", "picture"]), { op: "seek", epoch: 20, picture: false });
  const there = next({ edits: [edit], server: { recipe: RECIPE, epoch: 20 } });
  assert.deepEqual(pick(there.request, ["op", "field", "value", "since", "picture"]), { op: "edit", field: "l2", value: 1, since: 20, picture: false });
  assert.equal(there.edit, edit);
  assert.equal(request({ edits: [edit], epoch: 20, server: { recipe: RECIPE, epoch: 20 } }).picture, true);
});

test("the server goes to where people are, with a picture only where that is not shown", () => {
  assert.deepEqual(pick(request({ target: 10 }), ["op", "epoch", "picture"]), { op: "seek", epoch: 10, picture: undefined });
  const behind = { server: { recipe: RECIPE, epoch: 0 } };
  assert.deepEqual(pick(request(behind), ["op", "epoch", "picture"]), { op: "seek", epoch: 40, picture: false });
  assert.equal(request(behind, { picture: { predicted: true } }).picture, undefined);
});

test("a step trains one epoch, playing as many as a frame has, and history rows come from the first unknown", () => {
  assert.deepEqual(pick(request({ steps: 1 }), ["op", "epochs", "since"]), { op: "frame", epochs: 1, since: 41 });
  assert.deepEqual(pick(request({ playing: true }), ["op", "epochs", "since", "id"]), { op: "frame", epochs: 5, since: 41, id: 8 });
});

test("an export goes before the next frame", () => {
  const exported = { what: "link" };
  const sent = next({ playing: true }, { exported });
  assert.deepEqual(sent.request, { id: 8, op: "export", what: "link" });
  assert.equal(sent.exported, exported);
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
