/** The run in a web worker: a transport of the run like the socket. */

import assert from "node:assert";
import test from "node:test";

import { EngineRun } from "../../../nnviz/stage/transport/engine-run.js";
import { packed } from "../packed.mjs";

const RECIPE = { data: "circles" };
const OPENS = { id: 1, op: "open", recipe: RECIPE };

const settled = () => new Promise(setImmediate);

function connected(first = { recipe: RECIPE, reply: packed({ type: "opened", epoch: 0 }) }) {
  const heard = [];
  const engine = {
    isReady: false,
    sent: [],
    send: (message) => engine.sent.push(message),
    listen(listener) {
      engine.on = listener;
      return () => (engine.on = null);
    },
  };
  const run = new EngineRun(engine, first, {
    onOpen: () => heard.push("open"),
    onReply: ({ header }) => heard.push(header),
    onClose: (why) => heard.push({ why }),
  });
  const becomesReady = () => {
    engine.isReady = true;
    engine.on.onReady();
  };
  return { run, engine, heard, becomesReady };
}

test("the first picture is there before Python", async () => {
  const { run, engine, heard, becomesReady } = connected();
  assert.ok(run.ready);
  await settled();
  run.send(OPENS);
  assert.equal(run.ready, false);
  await settled();
  assert.deepEqual(heard, ["open", { type: "opened", epoch: 0, id: 1 }]);
  assert.deepEqual(engine.sent, [{ live: OPENS }]); // Python opens it too
  becomesReady();
  assert.ok(run.ready);
  engine.on.onReply(packed({ type: "opened", id: 1 }));
  engine.on.onReply(packed({ type: "frame", id: 2 }));
  await settled();
  assert.deepEqual(heard.slice(2), ["open", { type: "frame", id: 2 }]); // the run is open already
});

test("another run waits for Python", async () => {
  const { run, engine, heard, becomesReady } = connected();
  run.send({ id: 1, op: "open", recipe: { data: "iris" } });
  await settled();
  assert.deepEqual(heard, ["open"]);
  becomesReady();
  engine.on.onReply(packed({ type: "opened", id: 1 }));
  await settled();
  assert.deepEqual(heard.slice(2), [{ type: "opened", id: 1 }]);
});

test("without a first picture nothing is ready before Python", async () => {
  const { run, heard, becomesReady } = connected(null);
  await settled();
  assert.equal(run.ready, false);
  assert.deepEqual(heard, []);
  becomesReady();
  assert.deepEqual(heard, ["open"]);
});

test("what was under way when a worker was lost is not heard", async () => {
  const { engine, heard, becomesReady } = connected(null);
  becomesReady();
  engine.on.onReply(packed({ type: "frame", id: 1 }));
  engine.on.onLost("Python has ended.");
  await settled();
  assert.deepEqual(heard, ["open", { why: "Python has ended." }]);
});

test("a worker that is lost before the first picture was answered by it opens the run again", async () => {
  const { run, engine, heard, becomesReady } = connected();
  run.send(OPENS);
  await settled();
  engine.on.onLost("Python has ended.");
  becomesReady();
  run.send(OPENS);
  engine.on.onReply(packed({ type: "opened", id: 1, epoch: 0 }));
  await settled();
  assert.deepEqual(heard.slice(-2), ["open", { type: "opened", id: 1, epoch: 0 }]);
});

test("a reply that can't be read is reported", async () => {
  const { engine, heard, becomesReady } = connected(null);
  becomesReady();
  engine.on.onReply(new Uint8Array([1, 0, 0, 0, 65]).buffer);
  await settled();
  assert.match(heard.at(-1).why, /can’t be read/);
});

test("closed, it hears nothing", () => {
  const { run, engine } = connected(null);
  run.close();
  assert.equal(engine.on, null);
});

test("the first picture is there where no worker can be started at all", async () => {
  const { run, engine, heard } = connected();
  engine.on.onLost("Blocked."); // before the run is opened
  await Promise.resolve();
  run.send(OPENS);
  await settled();
  assert.deepEqual(heard, ["open", { type: "opened", epoch: 0, id: 1 }, { why: "Blocked." }]);
});
