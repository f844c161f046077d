/** The live socket against a scripted WebSocket and clock. */

import assert from "node:assert";
import test from "node:test";
import { deflateSync } from "node:zlib";

import { LiveSocket } from "../../../nnviz/stage/transport/socket.js";
import { packed } from "../packed.mjs";

/** A world in which time goes on only when a test says so. */
class World {
  now = 0;
  timers = new Map();
  sockets = [];

  constructor() {
    const { sockets } = this;
    this.WebSocket = class {
      static OPEN = 1;
      readyState = 0;
      sent = [];
      closed = 0;
      constructor(url) {
        this.url = url;
        sockets.push(this);
      }
      send(text) {
        this.sent.push(JSON.parse(text));
      }
      close() {
        this.closed += 1; // half-open: the event comes much later, or never
      }
      get hasNoHandlers() {
        return !(this.onopen || this.onmessage || this.onclose);
      }
      opens() {
        this.readyState = 1;
        this.onopen();
      }
    };
  }

  setTimeout = (call, wait) => {
    const timer = Symbol("timer");
    this.timers.set(timer, { call, at: this.now + wait });
    return timer;
  };

  clearTimeout = (timer) => this.timers.delete(timer);

  /** Why no socket can be opened; a test may set another reason. */
  diagnose = async () => "";

  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [timer, { call, at }] = due;
      this.timers.delete(timer);
      this.now = at;
      call();
    }
    this.now = end;
  }

  get socket() {
    return this.sockets.at(-1);
  }
}

/** A reply, compressed. */
const small = (header) => Uint8Array.from([0, 0, 0, 0, ...deflateSync(new Uint8Array(packed(header)))]).buffer;

/** Until what has come is unpacked; a reply that is not compressed takes no longer. */
const unpacked = () => new Promise(setImmediate);

function connected() {
  const world = new World();
  const heard = [];
  const live = new LiveSocket("ws://here/live", {
    onOpen: () => heard.push("open"),
    onReply: ({ header }) => heard.push(header),
    onClose: (why) => heard.push({ why }),
  }, world);
  world.socket.opens();
  assert.deepEqual(heard.splice(0), ["open"]);
  return { world, heard, live };
}

test("requests are sent without waiting for replies, and each reply is heard", async () => {
  const { world, heard, live } = connected();
  live.send({ op: "frame", id: 1 });
  live.send({ op: "frame", id: 2 });
  assert.ok(live.ready);
  assert.deepEqual(world.socket.sent, [{ op: "frame", id: 1 }, { op: "frame", id: 2 }]);
  for (const id of [1, 2]) world.socket.onmessage({ data: packed({ id }) });
  await unpacked();
  assert.deepEqual(heard, [{ id: 1 }, { id: 2 }]);
});

test("it waits for every reply anew", async () => {
  const { world, heard, live } = connected();
  live.send({ op: "frame", id: 1 });
  live.send({ op: "frame", id: 2 });
  world.pass(14_000);
  world.socket.onmessage({ data: packed({ id: 1 }) });
  await unpacked();
  world.pass(14_000);
  assert.deepEqual(heard.splice(0), [{ id: 1 }]);
  world.pass(1000);
  assert.equal(heard[0].why, "The server has not answered for 15 seconds. Connecting again; the run goes on from here.");
});

test("a reply that takes longer than 15 s closes the connection with a reason, and it connects again", () => {
  const { world, heard, live } = connected();
  live.send({ op: "frame" });
  world.pass(14_999);
  assert.deepEqual(heard, []);
  const frozen = world.socket;
  world.pass(1);
  assert.equal(frozen.closed, 1);
  assert.equal(live.ready, false);
  assert.deepEqual(heard.splice(0), [{
    why: "The server has not answered for 15 seconds. Connecting again; the run goes on from here.",
  }]);
  world.pass(400);
  assert.notEqual(world.socket, frozen);
  world.socket.opens();
  assert.ok(live.ready);
  assert.deepEqual(heard.splice(0), ["open"]);

  assert.ok(frozen.hasNoHandlers); // what comes of it after all is of no use
});

test("neither slow replies in time nor a pause without requests close the connection", async () => {
  const { world, heard, live } = connected();
  for (let i = 0; i < 3; i++) {
    live.send({ op: "frame" });
    world.pass(10_000);
    world.socket.onmessage({ data: packed({ epoch: i }) });
    await unpacked();
  }
  world.pass(1e6);
  assert.equal(world.sockets.length, 1);
  assert.deepEqual(heard, [0, 1, 2].map((epoch) => ({ epoch })));
});

test("a connection that cannot be made is tried again", () => {
  const { world, heard } = connected();
  world.socket.onclose({ reason: "" });
  assert.deepEqual(heard.splice(0), [{ why: "" }]);
  world.pass(400);
  assert.equal(world.sockets.length, 2);
  world.pass(60_000);
  assert.deepEqual([world.socket.closed, heard.splice(0)], [1, [{ why: "" }]]);
  world.pass(1000);
  assert.equal(world.sockets.length, 3);
});

test("a reply that cannot be unpacked closes the connection instead of throwing", async () => {
  for (const data of [new ArrayBuffer(2), new Uint8Array([255, 255, 255, 255, 1]).buffer, "text", packed({}).slice(0, 9)]) {
    const { world, heard, live } = connected();
    live.send({ op: "frame" });
    const spoilt = world.socket;
    spoilt.onmessage({ data });
    await unpacked();
    assert.equal(spoilt.closed, 1);
    assert.deepEqual(heard, [{
      why: "The server sent something that can’t be read. Connecting again; the run goes on from here.",
    }]);
    world.pass(400);
    assert.equal(world.sockets.length, 2);
  }
});

test("replies are delivered in the order in which they came, however long they take to unpack", async () => {
  const { world, heard, live } = connected();
  const text = "a".repeat(1e6);
  for (const id of [1, 2, 3, 4, 5, 6]) live.send({ id });
  const last = new Promise((resolve) => { heard.push = (header) => Array.prototype.push.call(heard, header) === 6 && resolve(); });
  const replies = [small({ id: 1, text }), packed({ id: 2 }), small({ id: 3 }), small({ id: 4, text }), packed({ id: 5 }), packed({ id: 6 })];
  for (const data of replies) world.socket.onmessage({ data });
  await last;
  assert.deepEqual(heard.map(({ id }) => id), [1, 2, 3, 4, 5, 6]);
});

test("a reply of a connection that was left while it was unpacked is ignored", async () => {
  const { world, heard, live } = connected();
  live.send({ id: 1 });
  world.socket.onmessage({ data: small({ id: 1, text: "a".repeat(1e6) }) });
  world.socket.onclose({ reason: "" });
  assert.deepEqual(heard.splice(0), [{ why: "" }]);
  world.pass(400);
  world.socket.opens();
  const next = new Promise((resolve) => { heard.push = (header) => resolve(header); });
  assert.deepEqual(heard.splice(0), ["open"]);
  for (const id of [1, 2]) live.send({ id }); // even where the same id is waited for
  world.socket.onmessage({ data: packed({ id: 2 }) });
  assert.deepEqual(await next, { id: 2 }); // this one comes after it
});

test("replies before a garbled one are delivered, those after it are not", async () => {
  const { world, heard, live } = connected();
  for (const id of [1, 2, 3]) live.send({ id });
  const spoilt = new Uint8Array(small({ id: 2, text: "a".repeat(1e4) }));
  spoilt[spoilt.length - 1] ^= 1; // of the checksum
  const { socket } = world;
  const dropped = new Promise((resolve) => { socket.close = resolve; });
  for (const data of [small({ id: 1 }), spoilt.buffer, packed({ id: 3 })]) socket.onmessage({ data });
  await dropped;
  await unpacked();
  assert.deepEqual(heard, [{ id: 1 }, {
    why: "The server sent something that can’t be read. Connecting again; the run goes on from here.",
  }]);
});

test("a listener that throws does not keep later replies from being delivered", async () => {
  const { world, live, heard } = connected();
  for (const id of [1, 2]) live.send({ id });
  const { onReply } = live.on;
  live.on.onReply = () => {
    live.on.onReply = onReply;
    throw new Error("not drawn");
  };
  const runners = process.listeners("unhandledRejection"); // they would let this test fail
  process.removeAllListeners("unhandledRejection");
  const reported = new Promise((resolve) => { process.once("unhandledRejection", resolve); });
  world.socket.onmessage({ data: packed({ id: 1 }) });
  world.socket.onmessage({ data: packed({ id: 2 }) });
  const error = await reported;
  for (const runner of runners) process.on("unhandledRejection", runner);
  assert.equal(error.message, "not drawn"); // as a page reports it, on its console
  assert.deepEqual(heard, [{ id: 2 }]);
});

test("the server's own reason is passed on, and the waits grow to 8 s", () => {
  const { world, heard } = connected();
  const waits = [];
  for (let i = 0; i < 8; i++) {
    world.socket.onclose({ reason: "more than 300 messages a second; wait and reconnect" });
    const [{ at }] = world.timers.values();
    waits.push(at - world.now);
    world.pass(at - world.now);
  }
  assert.deepEqual(new Set(heard.map(({ why }) => why)), new Set(["more than 300 messages a second; wait and reconnect"]));
  waits.forEach((wait, i) => {
    const middle = Math.min(250 * 2 ** i, 8000);
    assert.ok(wait >= 0.75 * middle && wait <= 1.25 * middle, `${i}: ${wait}`);
  });
});

test("a final reason ends the tries", () => {
  const { world, heard, live } = connected();
  const { socket } = world;
  socket.onclose({ code: 4403, reason: "the server takes itself for there; see docs/hosting.md" });
  assert.deepEqual(heard, [{ why: "This page came from here, and the server takes itself for there; see docs/hosting.md." }]);
  world.pass(1e6);
  assert.deepEqual([world.sockets.length, world.timers.size, socket.hasNoHandlers, live.ready], [1, 0, true, false]);
});

/** A socket that was never open fails, and what stands before the server says why. */
async function obstructed({ world, live }, why) {
  world.diagnose = async (url) => (url === live.url ? why : "not asked for");
  world.socket.onclose({ code: 1006, reason: "" });
  await unpacked();
}

test("why no connection can be made is reported once, and as long as it holds", async () => {
  const tried = connected();
  const { world, heard } = tried;
  world.socket.onclose({ code: 1006, reason: "" }); // it was open: nothing stands in its way
  await unpacked();
  assert.deepEqual(heard.splice(0), [{ why: "" }]);
  world.pass(400);
  await obstructed(tried, "A proxy answers.");
  assert.deepEqual(heard.splice(0), [{ why: "" }, { why: "A proxy answers." }]);
  world.pass(1000);
  await obstructed(tried, "A proxy answers.");
  assert.deepEqual(heard.splice(0), [{ why: "A proxy answers." }]);
  world.pass(2000);
  await obstructed(tried, "");
  assert.deepEqual(heard.splice(0), [{ why: "A proxy answers." }, { why: "" }]);
  world.pass(4000);
  world.socket.opens();
  world.socket.onclose({ code: 1006, reason: "" });
  assert.deepEqual(heard.splice(0), ["open", { why: "" }]);
});

test("an answer that comes after another try or after close() is dropped", async () => {
  for (const goOn of [({ world }) => world.pass(1000), ({ live }) => live.close()]) {
    const tried = connected();
    const { world, heard } = tried;
    world.socket.onclose({ code: 1006, reason: "" });
    world.pass(400);
    const answers = [];
    world.diagnose = () => new Promise((resolve) => { answers.push(resolve); });
    world.socket.onclose({ code: 1006, reason: "" });
    heard.splice(0);
    goOn(tried);
    answers[0]("A proxy answers.");
    await unpacked();
    assert.deepEqual(heard, []);
  }
});

test("after close() there is no timer left and nothing is called", () => {
  const { world, heard, live } = connected();
  live.send({ op: "frame" });
  const { socket } = world;
  live.close();
  assert.equal(world.timers.size, 0);
  assert.deepEqual([socket.hasNoHandlers, socket.closed, heard, live.ready], [true, 1, [], false]);

  const waiting = connected();
  waiting.world.socket.onclose({ reason: "" });
  waiting.live.close();
  assert.equal(waiting.world.timers.size, 0);
});
