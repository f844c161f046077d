/** Exports that wait for the server. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ExportQueue } from "../../../nnviz/stage/export/queue.js";

const LINK = { what: "link" };
const TABLE = { what: "table" };

test("one is requested after the other, and each gets its own file", async () => {
  const queue = new ExportQueue();
  const answers = [queue.add(LINK), queue.add(TABLE)];
  assert.equal(queue.next, LINK);
  queue.settle(LINK, { header: { type: "exported", name: "a" }, arrays: {} });
  assert.equal(queue.next, TABLE);
  queue.settle(TABLE, { header: { type: "exported", name: "b" }, arrays: { file: { data: new Uint8Array([7]) } } });
  assert.equal(queue.next, undefined);
  const [link, table] = await Promise.all(answers);
  assert.deepEqual([link.header.name, link.file, table.header.name, [...table.file]], ["a", undefined, "b", [7]]);
});

test("a problem and an error are the reason of the failure", async () => {
  const queue = new ExportQueue();
  const answers = [assert.rejects(queue.add(LINK), /too long/), assert.rejects(queue.add(TABLE), /must be/)];
  queue.settle(LINK, { header: { type: "exported", problem: "too long" }, arrays: {} });
  queue.settle(TABLE, { header: { type: "error", message: "what must be one of link" }, arrays: {} });
  await Promise.all(answers);
});

test("where none can be answered, all fail, and a late reply changes nothing", async () => {
  const queue = new ExportQueue();
  const answers = [assert.rejects(queue.add(LINK), /away/), assert.rejects(queue.add(TABLE), /away/)];
  queue.fail("The server is away.");
  queue.settle(LINK, { header: { type: "exported" }, arrays: {} });
  await Promise.all(answers);
  assert.equal(queue.next, undefined);
});
