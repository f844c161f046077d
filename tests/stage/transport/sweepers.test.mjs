/** The workers of a sweep, against scripted ones: every run is trained once, whatever happens to them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { KeptSweep } from "../../../nnviz/stage/transport/kept-sweep.js";
import { Sweepers, workersFor } from "../../../nnviz/stage/transport/sweepers.js";

const ADDRESSES = { worker: "worker.js", python: "python", engine: "engine.tar.gz" };

/** Workers whose runs take two pieces; `turn` lets one of them answer. */
class World {
  workers = [];
  timers = [];
  refuses = false;

  start = (address) => {
    if (this.refuses) throw new Error("blocked");
    const worker = { address, heard: [], pieces: {}, ended: false, postMessage: (data) => worker.heard.push(data), terminate: () => (worker.ended = true) };
    this.workers.push(worker);
    return worker;
  };

  setTimeout = (call) => this.timers.push(call);
  clearTimeout = () => (this.timers = []);

  get alive() {
    return this.workers.filter(({ ended }) => !ended);
  }

  ready() {
    for (const worker of this.alive) if (worker.heard.length === 1) worker.onmessage({ data: { ready: true } });
  }

  /** One worker answers what it was asked last, if it was. */
  turn(worker) {
    const asked = worker.heard.at(-1);
    if (worker.ended || !("run" in asked) || asked.isAnswered) return false;
    asked.isAnswered = true;
    const { run } = asked;
    worker.pieces[run] = (worker.pieces[run] ?? 0) + 1;
    worker.onmessage({ data: { run, seconds: 0.5, outcome: worker.pieces[run] === 2 ? outcomeOf(run) : "" } });
    return true;
  }

  /** All of them answer until nothing is asked any more. */
  finish() {
    while (this.alive.some((worker) => this.turn(worker)));
  }
}

function made(count = 2, storage = tab()) {
  const world = new World();
  const sent = [];
  const memory = new KeptSweep("site 1", () => storage);
  const sweepers = new Sweepers(ADDRESSES, count, (news) => sent.push(news), memory, world);
  const outcomes = () => sent.flatMap((news) => news.outcomes).sort();
  return { world, sent, sweepers, outcomes, storage };
}

/** The storage of a tab, with room for so many characters. */
function tab(room = Infinity) {
  const storage = {};
  const size = () => Object.values(storage).join("").length;
  const methods = {
    getItem: (name) => storage[name] ?? null,
    setItem: (name, text) => {
      if (size() + text.length > room) throw new Error("full");
      storage[name] = text;
    },
    removeItem: (name) => delete storage[name],
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(storage, name, { value });
  return storage;
}

const start = (total) => ({ do: "start", order: "an order", total });
const outcomeOf = (run) => JSON.stringify([run, "its row"]);
const runs = (total) => Array.from({ length: total }, (_, run) => outcomeOf(run)).sort();

test("every run is trained once, each worker hears the order, and all end", () => {
  const { world, sent, sweepers, outcomes } = made();
  sweepers.take(start(5));
  assert.deepEqual(world.workers.map(({ heard }) => heard[0]), Array(2).fill({ python: "python", engine: "engine.tar.gz", sweep: "an order" }));
  assert.deepEqual(sent[0], { order: "an order", state: "running", outcomes: [], seconds: 0, problem: null });
  world.ready();
  world.finish();
  assert.deepEqual(outcomes(), runs(5));
  assert.equal(sent.at(-1).state, "over");
  assert.equal(sent.at(-1).seconds, 5);
  assert.equal(world.alive.length, 0);
});

test("there are no more workers than runs", () => {
  const { world, sweepers } = made(4);
  sweepers.take(start(1));
  assert.equal(world.workers.length, 1);
});

test("a pause holds in the midst of a run, which goes on after it", () => {
  const { world, sent, sweepers, outcomes } = made(1);
  sweepers.take(start(2));
  world.ready();
  const [worker] = world.workers;
  world.turn(worker);
  sweepers.take({ do: "pause" });
  world.finish();
  assert.deepEqual(sent.at(-1).state, "paused");
  const asked = worker.heard.length;
  sweepers.take({ do: "goOn" });
  assert.equal(worker.heard.length, asked + (sent.at(-1).state === "running" ? 1 : 0));
  world.finish();
  assert.deepEqual(outcomes(), runs(2));
});

test("a stop ends the workers at once, and the outcomes so far stay", () => {
  const { world, sent, sweepers } = made();
  sweepers.take(start(9));
  world.ready();
  for (let i = 0; i < 2; i++) world.turn(world.workers[0]);
  sweepers.take({ do: "stop" });
  assert.equal(world.alive.length, 0);
  assert.deepEqual([sent.at(-1).state, sent.at(-1).outcomes.length], ["over", 1]);
  sweepers.take({ do: "goOn" }); // a click that came late
  assert.equal(world.alive.length, 0);
});

test("a worker that ends is a sentence, and no run is lost", () => {
  const { world, sent, sweepers, outcomes } = made();
  sweepers.take(start(6));
  world.ready();
  world.turn(world.workers[0]);
  world.workers[0].onerror({ preventDefault() {} });
  assert.equal(sent.at(-1).state, "paused");
  assert.match(sent.at(-1).problem, /Go on starts another; no run is lost/);
  sweepers.take({ do: "goOn" });
  assert.equal(sent.at(-1).problem, null);
  assert.equal(world.alive.length, 2);
  world.ready();
  world.finish();
  assert.deepEqual(outcomes(), runs(6));
  assert.equal(sent.at(-1).state, "over");
});

test("why Python could not be started, and a browser that lets no worker start, are reported", () => {
  const { world, sent, sweepers } = made(1);
  sweepers.take(start(1));
  world.workers[0].onmessage({ data: { failed: "Python could not be started: no memory" } });
  assert.deepEqual([sent.at(-1).state, sent.at(-1).problem], ["paused", "Python could not be started: no memory"]);
  world.refuses = true;
  sweepers.take({ do: "goOn" });
  assert.match(sent.at(-1).problem, /does not let the page start a web worker/);
});

test("outcomes are sent together, and all of them to a new Python", () => {
  const { world, sent, sweepers } = made(1);
  sweepers.take(start(9));
  world.ready();
  for (let i = 0; i < 4; i++) world.turn(world.workers[0]);
  assert.equal(sent.length, 1);
  assert.equal(world.timers.length, 1);
  world.timers[0]();
  assert.deepEqual(sent.at(-1).outcomes, [outcomeOf(0), outcomeOf(1)]);
  sweepers.repeat();
  assert.deepEqual(sent.at(-1).outcomes, [outcomeOf(0), outcomeOf(1)]);
  sweepers.take({ do: "forget" });
  assert.deepEqual([sent.at(-1).order, world.alive.length], [null, 0]);
  const count = sent.length;
  sweepers.repeat();
  assert.equal(sent.length, count);
});

/** The same tab after a reload, with the first message to its page's Python. */
function reloaded({ storage }) {
  const after = made(2, storage);
  after.sweepers.repeat();
  return after;
}

test("after a reload the sweep rests, and goes on with the runs that are left", () => {
  const before = made();
  before.sweepers.take(start(5));
  before.world.ready();
  for (let i = 0; i < 3; i++) for (const worker of before.world.workers) before.world.turn(worker);
  const after = reloaded(before);
  assert.equal(after.world.workers.length, 0);
  assert.deepEqual([after.sent[0].order, after.sent[0].state, after.outcomes()], ["an order", "paused", runs(2)]);
  assert.match(after.sent[0].problem, /loaded again/);
  after.sweepers.take({ do: "goOn" });
  after.world.ready();
  after.world.finish();
  assert.deepEqual(after.outcomes(), runs(5));
  assert.deepEqual(Object.keys(after.world.workers[0].pieces).concat(Object.keys(after.world.workers[1].pieces)).sort(), ["2", "3", "4"]);
  const last = reloaded(after);
  assert.deepEqual([last.sent[0].state, last.sent[0].problem, last.outcomes()], ["over", null, runs(5)]);
});

test("one that was stopped stays so, and one that was forgotten is not there", () => {
  const before = made();
  before.sweepers.take(start(9));
  before.world.ready();
  for (let i = 0; i < 2; i++) before.world.turn(before.world.workers[0]);
  before.sweepers.take({ do: "stop" });
  assert.deepEqual(reloaded(before).sent[0].state, "over");
  before.sweepers.take({ do: "forget" });
  assert.deepEqual(Object.keys(before.storage), []);
  assert.equal(reloaded(before).sent.length, 0);
});

test("what the tab has no room for is trained again", () => {
  const before = made(1, tab(120));
  before.sweepers.take(start(9));
  before.world.ready();
  before.world.finish();
  assert.equal(before.sent.at(-1).state, "over");
  const after = reloaded(before);
  assert.ok(after.outcomes().length > 0 && after.outcomes().length < 9);
  after.sweepers.take({ do: "goOn" });
  after.world.ready();
  after.world.finish();
  assert.deepEqual(after.outcomes(), runs(9));
});

test("a tab without storage has its sweep until it closes, and another site's is forgotten", () => {
  const blocked = { get getItem() { throw new Error("blocked"); } };
  const { world, sweepers, outcomes, sent } = made(1, blocked);
  sweepers.take(start(2));
  world.ready();
  world.finish();
  assert.deepEqual([sent.at(-1).state, outcomes()], ["over", runs(2)]);
  const storage = tab();
  made(1, storage).sweepers.take(start(2));
  assert.equal(new KeptSweep("site 2", () => storage).read(), null);
  assert.deepEqual(Object.keys(storage), []);
});

test("the page's own Python keeps a core", () => {
  assert.deepEqual([undefined, 1, 2, 4, 16].map(workersFor), [1, 1, 1, 3, 4]);
});
