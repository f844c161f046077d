/** The warped space: its description. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { explanation } from "../../../nnviz/stage/plane/warped-space.js";

const of = (layer, sizes, standardise = false) => explanation(layer, { sizes, inputs: [], classNames: [], output: "softmax", standardise });

test("the boundary is called straight only where it is", () => {
  assert.match(of(0, [2, 2]), /two of the network’s inputs as axes\. The boundary is straight here/);
  assert.match(of(0, [4, 2]), /With two inputs and no hidden layer, the boundary would be/);
  assert.match(of(1, [2, 2, 3]), /two units of this layer as axes\. The boundary is straight here/);
  assert.match(of(1, [2, 5, 3]), /If the last hidden layer has just two units/);
  assert.match(of(0, [2, 5, 3]), /If the last hidden layer has just two units/);
});

test("the scale of inputs is explained where it is not that of the features", () => {
  assert.match(of(0, [2, 2], true), /x₁ = 1 is one standard deviation above the mean/);
  assert.doesNotMatch(of(0, [2, 2]), /deviation/);
  assert.doesNotMatch(of(1, [2, 2, 3], true), /deviation/);
});
