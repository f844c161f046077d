/** Reply bytes: what the stage reads is what the server wrote; the vector is shared with Python's tests. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { unpack } from "../../../nnviz/stage/transport/codec.js";

const VECTOR = JSON.parse(readFileSync(new URL("../../live/frame-vector.json", import.meta.url), "utf8"));
const NUMBERS = { f32: Float32Array, u32: Uint32Array, u8: Uint8Array };

const buffer = (base64) => Uint8Array.from(Buffer.from(base64, "base64")).buffer;

const content = {
  header: VECTOR.header,
  arrays: Object.fromEntries(
    Object.entries(VECTOR.arrays).map(([name, { type, shape, values }]) => [name, { data: NUMBERS[type].from(values), shape }]),
  ),
};

for (const form of ["reply", "compressed"]) {
  test(`the shared bytes give the shared content: ${form}`, async () => {
    assert.deepEqual(await unpack(buffer(VECTOR[form])), content);
  });
}

test("a message is not changed by being unpacked", async () => {
  const message = buffer(VECTOR.reply);
  await unpack(message);
  assert.deepEqual(message, buffer(VECTOR.reply));
});

test("of several replies under way, each gets its own", async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => unpack(buffer(VECTOR.compressed))));
  for (const reply of replies) assert.deepEqual(reply, content);
});

test("what can't be read is refused", async () => {
  const spoilt = (form, change) => {
    const bytes = new Uint8Array(buffer(VECTOR[form]));
    return (change(bytes) ?? bytes).slice().buffer;
  };
  const garbage = {
    "nothing": new ArrayBuffer(0),
    "text": "text",
    "half a reply": spoilt("reply", (bytes) => bytes.subarray(0, 500)),
    "an empty stream": new ArrayBuffer(4),
    "half a stream": spoilt("compressed", (bytes) => bytes.subarray(0, 200)),
    "a spoilt stream": spoilt("compressed", (bytes) => { bytes[100] ^= 1; }),
    "a wrong checksum": spoilt("compressed", (bytes) => { bytes[bytes.length - 1] ^= 1; }),
  };
  for (const [what, message] of Object.entries(garbage)) await assert.rejects(unpack(message), undefined, what);
});
