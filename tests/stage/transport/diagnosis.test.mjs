/** The message about a closed socket, and about one that cannot be opened. */

import assert from "node:assert";
import test from "node:test";

import { diagnose, isFinal, sentenceOf } from "../../../nnviz/stage/transport/diagnosis.js";

const LIVE = "wss://school.example/nnviz/live";

test("only another origin is final", () => {
  assert.deepEqual([4403, 1000, 1006, 1008, 1013].map(isFinal), [true, false, false, false, false]);
});

test("the server's reason is passed on, and completed where the page came from elsewhere", () => {
  assert.equal(sentenceOf(LIVE, { code: 1008, reason: "wait" }), "wait");
  assert.equal(sentenceOf(LIVE, { code: 1006, reason: "" }), "");
  assert.equal(sentenceOf(LIVE, { code: 4403, reason: "I am elsewhere" }), "This page came from school.example, and I am elsewhere.");
});

const BY_ITSELF = (what) => `Something before the server answers /nnviz/live by itself (${what}); see docs/hosting.md.`;

test("what answers a plain request says why", async () => {
  const asked = [];
  for (const [answer, why] of [
    [{ status: 426, type: "basic", text: async () => "No upgrade.\n" }, "No upgrade."],
    [{ status: 404, type: "basic" }, BY_ITSELF("status 404")],
    [{ status: 200, type: "basic" }, BY_ITSELF("status 200")],
    [{ status: 0, type: "opaqueredirect" }, BY_ITSELF("a redirect")],
    [{ status: 502, type: "basic" }, ""],
  ]) {
    globalThis.fetch = async (url, options) => {
      asked.push([url, options]);
      return answer;
    };
    assert.equal(await diagnose(LIVE), why);
  }
  const expected = ["https://school.example/nnviz/live", { redirect: "manual", cache: "no-store" }];
  assert.deepEqual(asked, Array(5).fill(expected));
  globalThis.fetch = async () => { throw new TypeError("Failed to fetch"); };
  assert.equal(await diagnose(LIVE), "");
});
