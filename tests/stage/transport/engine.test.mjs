/** Python's web worker against a scripted worker and clock. */

import assert from "node:assert";
import test from "node:test";

import { Engine } from "../../../nnviz/stage/transport/engine.js";

export class World {
  workers = [];
  timers = new Map();
  now = 0;

  start = (address) => {
    const worker = { address, sent: [], ended: false, postMessage: (message) => worker.sent.push(message), terminate: () => (worker.ended = true) };
    this.workers.push(worker);
    return worker;
  };

  setTimeout = (call, wait) => {
    const timer = Symbol("timer");
    this.timers.set(timer, { call, at: this.now + wait });
    return timer;
  };

  clearTimeout = (timer) => this.timers.delete(timer);

  pass(ms) {
    this.now += ms;
    for (const [timer, { call, at }] of [...this.timers]) {
      if (at > this.now) continue;
      this.timers.delete(timer);
      call();
    }
  }

  get worker() {
    return this.workers.at(-1);
  }

  says(news) {
    this.worker.onmessage({ data: news });
  }
}

const ADDRESSES = { worker: "here/worker.js", python: "here/pyodide", engine: "here/engine.tar.gz" };

function started() {
  const world = new World();
  const heard = [];
  const engine = new Engine(ADDRESSES, world);
  engine.listen({
    onReady: () => heard.push("ready"),
    onReply: (reply) => heard.push({ reply }),
    onPage: (page) => heard.push({ page }),
    onLost: (why) => heard.push({ why }),
  });
  engine.start();
  return { world, engine, heard };
}

test("a worker receives the addresses of Python and the engine", () => {
  const { world } = started();
  assert.equal(world.worker.address, "here/worker.js");
  assert.deepEqual(world.worker.sent, [{ python: "here/pyodide", engine: "here/engine.tar.gz" }]);
});

test("what it says is heard by whom it concerns", () => {
  const { world, engine, heard } = started();
  const loaded = [];
  engine.onLoaded = (...news) => loaded.push(news);
  world.says({ loaded: 10, of: "a.whl" });
  assert.deepEqual(loaded, [["a.whl", 10]]);
  assert.equal(engine.isReady, false);
  world.says({ ready: true });
  assert.equal(engine.isReady, true);
  engine.send({ live: {} });
  engine.send({ visit: {} });
  world.says({ live: "bytes" });
  world.says({ page: "{}" });
  assert.deepEqual(heard, ["ready", { reply: "bytes" }, { page: "{}" }]);
  assert.deepEqual(world.worker.sent.slice(1), ['{"live":{}}', '{"visit":{}}']);
});

test("loading may take as long as it takes", () => {
  const { world, engine, heard } = started();
  engine.send({ live: {} });
  world.pass(600_000);
  assert.deepEqual(heard, []);
});

test("a worker that does not answer for 30 s is replaced", () => {
  const { world, engine, heard } = started();
  world.says({ ready: true });
  engine.send({ live: {} });
  engine.send({ live: {} });
  world.pass(29_000);
  world.says({ live: "bytes" });
  world.pass(29_000);
  heard.length = 0;
  world.pass(1000);
  assert.deepEqual(heard, [{ why: "Python has not answered for 30 seconds. Starting it again; the run goes on from here." }]);
  assert.ok(world.worker.ended);
  assert.equal(engine.isReady, false);
  world.pass(250);
  assert.equal(world.workers.length, 2);
  assert.equal(world.worker.ended, false);
});

test("one that has answered everything may be silent", () => {
  const { world, engine, heard } = started();
  world.says({ ready: true });
  engine.send({ live: {} });
  world.says({ live: "bytes" });
  world.pass(600_000);
  assert.equal(world.workers.length, 1);
  assert.deepEqual(heard.at(-1), { reply: "bytes" });
});

test("one that ends is replaced, later each time, and what the old one still says is not heard", () => {
  const { world, heard } = started();
  for (const wait of [250, 500, 1000, 2000, 4000, 8000, 8000]) {
    world.says({ ready: true });
    const old = world.worker;
    old.onerror({ preventDefault() {} });
    assert.equal(heard.at(-1).why, "Python has ended. Starting it again; the run goes on from here.");
    assert.equal(old.onmessage, null);
    const before = world.workers.length;
    world.pass(wait - 1);
    assert.equal(world.workers.length, before);
    world.pass(1);
    assert.equal(world.workers.length, before + 1);
  }
});

test("why Python could not be started is reported", () => {
  const { world, heard } = started();
  world.says({ failed: "Python could not be started: no memory" });
  assert.deepEqual(heard, [{ why: "Python could not be started: no memory" }]);
});

test("a worker that is blocked is a sentence", () => {
  const world = new World();
  world.start = () => {
    throw new Error("blocked");
  };
  const engine = new Engine(ADDRESSES, world);
  const heard = [];
  engine.listen({ onLost: (why) => heard.push(why) });
  engine.start();
  assert.deepEqual(heard, ["This browser does not let the page start a web worker, in which Python runs."]);
});

test("whoever stops to listen hears no more", () => {
  const world = new World();
  const engine = new Engine(ADDRESSES, world);
  const heard = [];
  const stop = engine.listen({ onReady: () => heard.push("ready") });
  engine.start();
  stop();
  world.says({ ready: true });
  assert.deepEqual(heard, []);
});

test("what is sent while there is no worker is not waited for", () => {
  const { world, engine, heard } = started();
  world.worker.onerror({ preventDefault() {} });
  engine.send({ live: {} });
  world.pass(250);
  world.says({ ready: true });
  world.pass(600_000);
  assert.deepEqual(heard.slice(1), ["ready"]);
});
