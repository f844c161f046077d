/** The look, and what pictures have to hold for it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fitted, isSurface, lookOf, pictureOf, rulesOf } from "../../nnviz/stage/look.js";
import { LOOK } from "./harness.mjs";

const VIEWS = { blend: { twoClasses: false }, threshold: { twoClasses: true }, surface: { twoClasses: false } };
const NET = { sizes: [2, 3, 2], inputs: ["x₁", "x₂"], classNames: ["a", "b"], output: "softmax", standardise: true };
const THREE = { ...NET, sizes: [2, 2, 3], classNames: ["a", "b", "c"] };

test("another network lets go of the view, class and unit that it does not have", () => {
  const look = { ...LOOK, view: "threshold", class: 1, unit: [1, 2] };
  assert.deepEqual(fitted(look, NET, VIEWS), look);
  assert.deepEqual(fitted(look, THREE, VIEWS), { ...look, view: "blend", unit: null });
  assert.equal(fitted({ ...LOOK, class: 2 }, NET, VIEWS).class, 0);
  assert.equal(fitted({ ...LOOK, class: 2 }, THREE, VIEWS).class, 2);
  assert.equal(fitted({ ...LOOK, unit: [3, 0] }, NET, VIEWS).unit, null);
});

test("the unit of a link is shown with the diagram", () => {
  assert.equal(lookOf({ ...LOOK, unit: [1, 0] }).tab, "network");
  assert.equal(lookOf({ ...LOOK, tab: "space" }).tab, "space");
});

test("only the stop rules that are set are rules", () => {
  assert.deepEqual(rulesOf(LOOK), {});
  assert.deepEqual(rulesOf({ ...LOOK, stop_epoch: 9, stop_loss: 0 }), { epoch: 9, loss: 0 });
});

test("a unit is shown in the plane, never as a surface", () => {
  assert.equal(isSurface({ ...LOOK, view: "surface" }), true);
  assert.equal(isSurface({ ...LOOK, view: "surface", unit: [1, 0] }), false);
});

test("a picture holds predictions for rings and for a threshold", () => {
  assert.deepEqual(pictureOf(LOOK, null, NET, VIEWS, []), {});
  assert.deepEqual(pictureOf({ ...LOOK, rings: true }, null, NET, VIEWS, []), { predicted: true });
  assert.deepEqual(pictureOf({ ...LOOK, view: "threshold", threshold: 0.8 }, null, NET, VIEWS, []), { threshold: 0.8, predicted: true });
  assert.deepEqual(pictureOf({ ...LOOK, rings: true }, null, null, VIEWS, []), {}); // no network yet
});

test("a picture holds the units of the panel that is open, and none of another network", () => {
  const units = { sizes: NET.sizes, network: [[0, 2], [0, 3], [0, 2]], space: [1, 0, 1] };
  assert.deepEqual(pictureOf(LOOK, units, NET, VIEWS, []), {});
  assert.deepEqual(pictureOf(LOOK, units, NET, VIEWS, ["network"]), { network: units.network });
  assert.deepEqual(pictureOf(LOOK, units, NET, VIEWS, ["space"]), { space: units.space });
  assert.deepEqual(pictureOf(LOOK, units, THREE, VIEWS, ["network"]), {});
  assert.deepEqual(pictureOf(LOOK, units, NET, VIEWS, ["network", "curves"]), { network: units.network });
});
