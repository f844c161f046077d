/** Whether the sidebar is closed, as windows change and users choose. */

import assert from "node:assert";
import test from "node:test";

import { settled } from "../../../nnviz/stage/host/sidebar.js";

const NOTHING = { choice: null, closed: null };
const CLOSED = { choice: "true", closed: "true" };

test("it is closed in a short window, and as it was in a higher one", () => {
  assert.deepEqual(settled(false, NOTHING), NOTHING);
  assert.deepEqual(settled(true, NOTHING), CLOSED);
  assert.deepEqual(settled(true, CLOSED), CLOSED);
  assert.deepEqual(settled(false, CLOSED), NOTHING);
});

test("what the user has chosen stands", () => {
  for (const choice of ["true", "false"]) {
    for (const isShort of [true, false]) {
      assert.deepEqual(settled(isShort, { choice, closed: null }), { choice, closed: null });
    }
  }
});

test("a sidebar opened in a short window stays open", () => {
  const opened = { choice: "false", closed: "true" };
  assert.deepEqual(settled(true, opened), opened);
  assert.deepEqual(settled(false, opened), { choice: "false", closed: null });
});
