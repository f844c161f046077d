/** The connection that is opened before the stage is there. */

import assert from "node:assert";
import test, { beforeEach } from "node:test";

import { connectEarly, world } from "../../../nnviz/stage/host/early-socket.js";
import { LiveSocket } from "../../../nnviz/stage/transport/socket.js";

const URL_OF_LIVE = "ws://nnviz.test/live";

class FakeWebSocket {
  static made = [];
  readyState = 0;

  constructor(url) {
    this.url = url;
    FakeWebSocket.made.push(this);
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
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
  const { WebSocket } = world();
  new WebSocket("ws://nnviz.test/none"); // takes what a test before has left
  FakeWebSocket.made = [];
});

/** A live socket, and how often it was open. */
function live() {
  const seen = { opened: 0, closed: 0 };
  const on = { onOpen: () => seen.opened++, onReply() {}, onClose: () => seen.closed++ };
  seen.socket = new LiveSocket(URL_OF_LIVE, on, world());
  return seen;
}

test("the page's address becomes that of a socket", () => {
  connectEarly("https://nnviz.test/sub/live");
  assert.equal(FakeWebSocket.made[0].url, "wss://nnviz.test/sub/live");
});

test("a connection under way is taken over", () => {
  connectEarly("http://nnviz.test/live");
  const seen = live();
  assert.equal(made(), 1);
  FakeWebSocket.made[0].open();
  assert.equal(seen.opened, 1);
  assert.ok(seen.socket.ready);
  seen.socket.close();
});

test("an open one is taken over, and says that it is open", async () => {
  connectEarly("http://nnviz.test/live");
  FakeWebSocket.made[0].open();
  const seen = live();
  assert.equal(seen.opened, 0); // not before the stage is ready for it
  await null;
  assert.deepEqual([made(), seen.opened], [1, 1]);
  seen.socket.close();
});

test("one that was lost meanwhile is not", () => {
  connectEarly("http://nnviz.test/live");
  FakeWebSocket.made[0].close();
  const seen = live();
  assert.equal(made(), 2);
  seen.socket.close();
});

test("one to another address is closed", () => {
  connectEarly("http://nnviz.test/other/live");
  live().socket.close();
  assert.deepEqual(FakeWebSocket.made.map(({ url }) => url), ["ws://nnviz.test/other/live", URL_OF_LIVE]);
  assert.equal(FakeWebSocket.made[0].readyState, 3);
});

test("the next connection is a new one, and without an early one so is the first", () => {
  live().socket.close();
  assert.equal(made(), 1);
  connectEarly("http://nnviz.test/live");
  live().socket.close();
  live().socket.close();
  assert.equal(made(), 3);
});

const WRONG = { code: 4403, reason: "the server takes itself for there; see docs/hosting.md" };
const SENTENCE = "This page came from nnviz.test, and the server takes itself for there; see docs/hosting.md.";

test("why the server refuses it is said on the page, until a stage can say it", async () => {
  connectEarly("http://nnviz.test/live");
  FakeWebSocket.made[0].readyState = 3;
  await FakeWebSocket.made[0].onclose(WRONG);
  assert.deepEqual(notices.map(({ textContent }) => textContent), [SENTENCE]);
  live().socket.close();
  assert.deepEqual(notices, []);
});

test("why it cannot be opened is asked for, and said where no stage has come meanwhile", async () => {
  for (const [isStageThere, said] of [[false, ["A proxy answers."]], [true, []]]) {
    const answer = Promise.withResolvers();
    globalThis.fetch = () => answer.promise;
    connectEarly("http://nnviz.test/live");
    const explained = FakeWebSocket.made.at(-1).onclose({ code: 1006, reason: "" });
    if (isStageThere) live().socket.close();
    answer.resolve({ status: 426, text: async () => "A proxy answers.\n" });
    await explained;
    assert.deepEqual(notices.map(({ textContent }) => textContent), said);
  }
});

test("a server that is not there is no reason for a notice", async () => {
  globalThis.fetch = async () => { throw new TypeError("Failed to fetch"); };
  connectEarly("http://nnviz.test/live");
  await FakeWebSocket.made[0].onclose({ code: 1006, reason: "" });
  assert.deepEqual(notices, []);
});
