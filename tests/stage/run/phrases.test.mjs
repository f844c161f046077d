import assert from "node:assert/strict";
import { test } from "node:test";

import { described, fixedFields } from "../../../nnviz/stage/run/phrases.js";

const OWN = "table:1:my%20%24%26%20flowers.csv:eNqr";
const PHRASES = {
  fields: { data: { pattern: "{}", values: { moons: "moons" }, parts: {}, joint: ", ", compares: true, follows: "" } },
  fixed: { data: { moons: ["features"], table: ["samples", "noise"] } },
};

test("the user's own data are described by their name", () => {
  assert.equal(described(PHRASES, "data", OWN), "my $& flowers.csv");
  assert.equal(described(PHRASES, "data", "moons"), "moons");
});

test("the user's own data leave no choice of what generated points have", () => {
  assert.deepEqual(fixedFields(PHRASES, { data: OWN }), ["samples", "noise"]);
  assert.deepEqual(fixedFields(PHRASES, { data: "moons" }), ["features"]);
});
