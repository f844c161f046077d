/** The connection that is opened before the stage is there. */

import assert from "node:assert";
import test, { beforeEach } from "node:test";

import { connectEarly, PageSocket } from "../../../nnviz/stage/host/early-socket.js";

const URL_OF_LIVE = "ws://nnviz.test/live";

class FakeWebSocket {
  static made = [];
  readyState = 0;
  sent = [];
  listeners = {};

  constructor(url) {
    this.url = url;
    FakeWebSocket.made.push(this);
  }

  addEventListener(type, listener) {
    this.listeners[type] = listener;
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
    this.listeners.open?.();
  }

  /** A reply with this header and no arrays. */
  hear(header) {
    const text = new TextEncoder().encode(JSON.stringify({ ...header, arrays: [] }));
    const data = new Uint8Array(4 + text.length);
    new DataView(data.buffer).setUint32(0, text.length, true);
    data.set(text, 4);
    this.onmessage?.({ data: data.buffer });
    this.listeners.message?.({ data: data.buffer });
    delete this.listeners.message; // for once
  }

  close() {
    this.readyState = 3;
  }
}

const made = () => FakeWebSocket.made.length;

/** The page, with the notices on it. */
const notices = [];
const page = {
  createElement: () => ({ setAttribute() {}, remove() { notices.splice(notices.indexOf(this), 1); } }),
  getElementById: (id) => notices.find((notice) => notice.id === id),
  body: { append: (notice) => notices.push(notice) },
};

beforeEach(() => {
  globalThis.document = page;
  notices.length = 0;
  globalThis.WebSocket = FakeWebSocket;
  new PageSocket("ws://nnviz.test/none", {}).close(); // takes what a test before has left
  FakeWebSocket.made = [];
});

/** A live socket, and how often it was open. */
function live() {
  const seen = { opened: 0, closed: 0, replies: [] };
  const on = { onOpen: () => seen.opened++, onReply: ({ header }) => seen.replies.push(header), onClose: () => seen.closed++ };
  seen.socket = new PageSocket(URL_OF_LIVE, on);
  return seen;
}

test("the page's address becomes that of a socket", () => {
  connectEarly("https://nnviz.test/sub/live", "");
  assert.equal(FakeWebSocket.made[0].url, "wss://nnviz.test/sub/live");
});

test("a connection under way is taken over", () => {
  connectEarly("http://nnviz.test/live", "?data=iris");
  const seen = live();
  assert.equal(made(), 1);
  FakeWebSocket.made[0].open();
  assert.equal(seen.opened, 1);
  assert.ok(seen.socket.ready);
  seen.socket.close();
});

test("an open one is taken over, and says that it is open", async () => {
  connectEarly("http://nnviz.test/live", "?data=iris");
  FakeWebSocket.made[0].open();
  const seen = live();
  assert.equal(seen.opened, 0); // not before the stage is ready for it
  await null;
  assert.deepEqual([made(), seen.opened], [1, 1]);
  seen.socket.close();
});

test("one that was lost meanwhile is not", () => {
  connectEarly("http://nnviz.test/live", "?data=iris");
  FakeWebSocket.made[0].close();
  const seen = live();
  assert.equal(made(), 2);
  seen.socket.close();
});

test("one to another address is closed", () => {
  connectEarly("http://nnviz.test/other/live", "");
  live().socket.close();
  assert.deepEqual(FakeWebSocket.made.map(({ url }) => url), ["ws://nnviz.test/other/live", URL_OF_LIVE]);
  assert.equal(FakeWebSocket.made[0].readyState, 3);
});

test("the next connection is a new one, and without an early one so is the first", () => {
  live().socket.close();
  assert.equal(made(), 1);
  connectEarly("http://nnviz.test/live", "?data=iris");
  live().socket.close();
  live().socket.close();
  assert.equal(made(), 3);
});

const WRONG = { code: 4403, reason: "the server takes itself for there; see docs/hosting.md" };
const SENTENCE = "This page came from nnviz.test, and the server takes itself for there; see docs/hosting.md.";

test("why the server refuses it is shown on the page, until a stage can show it", async () => {
  connectEarly("http://nnviz.test/live");
  FakeWebSocket.made[0].readyState = 3;
  await FakeWebSocket.made[0].onclose(WRONG);
  assert.deepEqual(notices.map(({ textContent }) => textContent), [SENTENCE]);
  live().socket.close();
  assert.deepEqual(notices, []);
});

test("why it cannot be opened is asked for, and shown where no stage has come meanwhile", async () => {
  for (const [isStageThere, shown] of [[false, ["A proxy answers."]], [true, []]]) {
    const answer = Promise.withResolvers();
    globalThis.fetch = () => answer.promise;
    connectEarly("http://nnviz.test/live");
    const explained = FakeWebSocket.made.at(-1).onclose({ code: 1006, reason: "" });
    if (isStageThere) live().socket.close();
    answer.resolve({ status: 426, text: async () => "A proxy answers.\n" });
    await explained;
    assert.deepEqual(notices.map(({ textContent }) => textContent), shown);
  }
});

test("a server that is not there is no reason for a notice", async () => {
  globalThis.fetch = async () => { throw new TypeError("Failed to fetch"); };
  connectEarly("http://nnviz.test/live");
  await FakeWebSocket.made[0].onclose({ code: 1006, reason: "" });
  assert.deepEqual(notices, []);
});

// --- the run of the page's link -------------------------------------------------------------

const RECIPE = { data: "iris", hidden: [3] };
const OPENED = { id: 0, type: "opened", recipe: RECIPE };
const REQUEST = { id: 1, op: "open", recipe: RECIPE, since: 0, probe: null };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A stage whose connection was opened early, and that connection. */
function arrived() {
  connectEarly("http://nnviz.test/live", "?data=iris");
  const [early] = FakeWebSocket.made;
  early.open();
  return { early, seen: live() };
}

test("it is requested as soon as the connection is open", () => {
  const { early, seen } = arrived();
  assert.deepEqual(early.sent, [{ id: 0, op: "open", recipe: "?data=iris" }]);
  seen.socket.close();
});

for (const isLate of [false, true]) {
  test(`it is not requested again, where its reply comes ${isLate ? "after" : "before"} the stage`, async () => {
    const { early, seen } = arrived();
    if (!isLate) early.hear(OPENED);
    seen.socket.send(REQUEST);
    assert.deepEqual(seen.replies, []); // never during the call
    if (isLate) early.hear(OPENED);
    await settled();
    assert.deepEqual(seen.replies, [{ ...OPENED, id: 1 }]);
    assert.equal(early.sent.length, 1);
    seen.socket.send({ id: 2, op: "frame" });
    assert.deepEqual(early.sent[1], { id: 2, op: "frame" });
    seen.socket.close();
  });
}

for (const [what, reply] of [
  ["another run", { ...OPENED, recipe: { ...RECIPE, hidden: [4] } }],
  ["an error", { id: 0, type: "error", message: "no" }],
]) {
  test(`${what} is not taken for it`, async () => {
    const { early, seen } = arrived();
    early.hear(reply);
    seen.socket.send(REQUEST);
    await settled();
    assert.deepEqual([early.sent[1], seen.replies], [REQUEST, []]);
    early.hear({ ...OPENED, id: 1 });
    await settled();
    assert.equal(seen.replies.length, 1);
    seen.socket.close();
  });
}

test("it is gone with its connection", async () => {
  const { early, seen } = arrived();
  seen.socket.send(REQUEST);
  early.onclose({ reason: "" });
  early.hear(OPENED);
  await settled();
  assert.deepEqual([seen.closed, seen.replies], [1, []]);
  seen.socket.close();
});
