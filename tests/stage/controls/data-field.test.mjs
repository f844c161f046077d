import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { packed, tooLarge, tooLong } from "../../../nnviz/stage/controls/data-field.js";

test("a file that is too large is refused by its size, before it is read", () => {
  assert.equal(tooLarge(5_000_000, 5_000_000, "a.csv"), "");
  assert.equal(tooLarge(200_000_000, 5_000_000, "a.csv"), "a.csv: the file has 200.0 MB, and 5 MB is the most.");
});

test("bytes are sent as they are, deflated", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
  const content = await packed(new Blob([bytes]));
  assert.deepEqual(new Uint8Array(gunzipSync(Buffer.from(content, "base64"))), bytes);
  assert.ok(content.length < bytes.length);
});

test("what is too long to be sent is not, and the limit is shown", () => {
  assert.equal(tooLong(900_000, 900_000, "a.csv"), "");
  assert.equal(
    tooLong(1_500_000, 900_000, "a.csv"),
    "a.csv: packed, the file is too long to be sent; keep some 60 % of its rows, or fewer columns.",
  );
});
