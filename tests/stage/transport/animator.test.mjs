import assert from "node:assert/strict";
import { test } from "node:test";
import { Animator } from "../../../nnviz/stage/transport/animator.js";

const ADDRESSES = { worker: "worker.js", python: "python", engine: "engine.tar.gz", plotly: "plotly.js" };

/** An animator, and the workers that it has started. */
function made() {
  const workers = [];
  const animator = new Animator(ADDRESSES, (address) => {
    const worker = { address, heard: [], ended: false, postMessage: (data) => worker.heard.push(data), terminate: () => (worker.ended = true) };
    workers.push(worker);
    return worker;
  });
  const controller = new AbortController();
  const frames = [];
  const options = { signal: controller.signal, onWaiting: () => {}, onFrame: (...news) => frames.push(news) };
  return { animator, workers, controller, frames, options };
}

const png = () => new Blob([new Uint8Array([1, 2, 3])]);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("one worker draws the layer and makes the file, and ends then", async () => {
  const { animator, workers, frames, options } = made();
  const layer = animator.layer({ format: "gif" }, options);
  const [worker] = workers;
  const { worker: address, ...rest } = ADDRESSES;
  assert.equal(worker.address, address);
  assert.deepEqual(worker.heard, [rest, { layer: '{"format":"gif"}' }]);
  worker.onmessage({ data: { ready: true } });
  worker.onmessage({ data: { answer: '{"figure":"{}"}' } });
  assert.equal(await layer, "{}");
  const file = animator.animate({ format: "gif" }, png(), options);
  await turn();
  assert.equal(workers.length, 1);
  assert.equal(worker.heard[2].png.byteLength, 3);
  worker.onmessage({ data: { done: 1, of: 2 } });
  worker.onmessage({ data: { answer: '{"name":"a.gif","mime":"image/gif"}', file: new Uint8Array([9]).buffer } });
  const { name, file: blob } = await file;
  assert.deepEqual([name, blob.type, blob.size], ["a.gif", "image/gif", 1]);
  assert.deepEqual(frames, [[1, 2]]);
  assert.equal(worker.ended, true);
});

test("calling it off ends the worker at once, and the next one has a worker of its own", async () => {
  const { animator, workers, controller, options } = made();
  const layer = animator.layer({}, options);
  controller.abort();
  await assert.rejects(layer, { name: "AbortError" });
  assert.equal(workers[0].ended, true);
  animator.layer({}, { ...options, signal: new AbortController().signal });
  assert.equal(workers.length, 2);
});

test("a problem, a failure and a worker that cannot start are reported", async () => {
  for (const [event, why] of [
    [(worker) => worker.onmessage({ data: { answer: '{"problem":"count must be 1…600"}' } }), /count must be/],
    [(worker) => worker.onmessage({ data: { failed: "Python could not be started: no" } }), /could not be started/],
    [(worker) => worker.onerror({ preventDefault() {} }), /could not be started here/],
  ]) {
    const { animator, workers, options } = made();
    const layer = animator.layer({}, options);
    event(workers[0]);
    await assert.rejects(layer, why);
    assert.equal(workers[0].ended, true);
  }
});
