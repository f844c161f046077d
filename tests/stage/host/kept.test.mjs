/** What is kept in the tab for a reload, with and without the browser's storage. */

import assert from "node:assert";
import test from "node:test";

import { keep, kept, whole } from "../../../nnviz/stage/host/kept.js";

/** Storage with room for so many characters. */
class Storage {
  constructor(room) {
    Object.defineProperty(this, "room", { value: room });
  }

  getItem(name) {
    return this[name] ?? null;
  }

  setItem(name, text) {
    const others = Object.entries(this).filter(([other]) => other !== name);
    const taken = others.reduce((sum, [, other]) => sum + other.length, 0);
    if (taken + text.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this[name] = text;
  }

  removeItem(name) {
    delete this[name];
  }
}

function withStorage(storage, work) {
  Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get: storage });
  try {
    work();
  } finally {
    delete globalThis.sessionStorage;
  }
}

test("whole texts come back in the place of what a link has", () => {
  const storage = new Storage(100);
  withStorage(() => storage, () => {
    keep({ "strokes:1:~a": "strokes:1:long" });
    assert.deepEqual(kept(["strokes:1:~a", "strokes:1:~b"]), { "strokes:1:~a": "strokes:1:long" });
    assert.deepEqual(whole({ data: "moons", edits: "strokes:1:~a" }), { data: "moons", edits: "strokes:1:long" });
    assert.deepEqual(whole({ data: "table:1:f:~c" }), { data: "table:1:f:~c" });
  });
});

test("where there is no room, what was kept before goes, and nothing else", () => {
  const storage = new Storage(50);
  withStorage(() => storage, () => {
    storage.setItem("other", "0123456789");
    keep({ "strokes:1:~a": "a".repeat(30) });
    keep({ "strokes:1:~b": "b".repeat(30) });
    assert.deepEqual({ ...storage }, { other: "0123456789", "strokes:1:~b": "b".repeat(30) });
    keep({ "strokes:1:~c": "c".repeat(60) });
    assert.equal(storage.getItem("strokes:1:~c"), null);
  });
});

test("where storage is blocked, nothing is kept and nothing fails", () => {
  const blocked = () => {
    throw new DOMException("denied", "SecurityError");
  };
  withStorage(blocked, () => {
    keep({ "strokes:1:~a": "text" });
    assert.deepEqual(whole({ edits: "strokes:1:~a" }), { edits: "strokes:1:~a" });
  });
});
