/** Panels that are drawn in turns. */

import assert from "node:assert/strict";
import test from "node:test";

import { Pacer } from "../../../nnviz/stage/plane/pacer.js";

/** The frames of the next `count` in which each panel is drawn, while all always have something new. */
function drawnIn(pacer, count, names) {
  const frames = Object.fromEntries(names.map((name) => [name, []]));
  for (let frame = 1; frame <= count; frame++) {
    for (const name of names) pacer.want(name, () => frames[name].push(frame));
    pacer.frame();
  }
  return frames;
}

test("a panel is drawn in every so many frames, and no two in the same", () => {
  const { often, seldom } = drawnIn(new Pacer({ often: 2, seldom: 4 }), 12, ["often", "seldom"]);
  assert.deepEqual(often.filter((frame) => seldom.includes(frame)), []);
  assert.ok(often.length > seldom.length && seldom.length >= 2);
});

test("a panel without a period of its own is drawn in its turn as well", () => {
  const { other } = drawnIn(new Pacer({ often: 2 }), 20, ["often", "other"]);
  assert.ok(other.length >= 2 && other.length <= 10);
});

test("when nothing moves, all that have something new are drawn at once", () => {
  const pacer = new Pacer({ often: 2 });
  const drawn = [];
  for (const name of ["often", "other"]) pacer.want(name, () => drawn.push(name));
  pacer.all();
  pacer.all();
  assert.deepEqual(drawn, ["often", "other"]);
});
