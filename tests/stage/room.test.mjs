import assert from "node:assert/strict";
import { test } from "node:test";

import { panelsShown, roomOf } from "../../nnviz/stage/room.js";

test("each screen has its room, with the sidebar open and closed", () => {
  const sidebar = 300, padding = 56;
  const of = (width, height) => [roomOf(width - sidebar - padding, height), roomOf(width - padding, height)];
  assert.deepEqual(of(1280, 720), ["beside", "broad"]);
  assert.deepEqual(of(1280, 800), ["beside", "broad"]);
  assert.deepEqual(of(1920, 1080), ["wide", "wide"]);
  assert.equal(of(768, 1024)[1], "upright");
  assert.equal(roomOf(390 - 24, 844), "narrow");
  assert.deepEqual(of(844, 390), ["short", "short"]);
  assert.equal(roomOf(640 - 56, 400), "short"); // a laptop's page at 200 %
});

test("a wide room shows a panel and the curves, any other one panel", () => {
  assert.deepEqual(panelsShown("curves", "wide"), ["network", "curves"]);
  assert.deepEqual(panelsShown("space", "wide"), ["space", "curves"]);
  assert.deepEqual(panelsShown("curves", "broad"), ["curves"]);
  assert.deepEqual(panelsShown("network", "narrow"), ["network"]);
});
