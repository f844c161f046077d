/** Choices that are remembered, with and without the browser's storage. */

import assert from "node:assert";
import test from "node:test";

import { forget, recall, remember } from "../../../nnviz/stage/host/memory.js";

function withStorage(storage, work) {
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: storage });
  try {
    work();
  } finally {
    delete globalThis.localStorage;
  }
}

test("a choice is kept by the browser", () => {
  const store = new Map();
  withStorage(() => ({ setItem: (name, value) => store.set(name, value), getItem: (name) => store.get(name) ?? null, removeItem: (name) => store.delete(name) }), () => {
    assert.equal(recall("a"), null);
    remember("a", "off");
    assert.equal(store.get("a"), "off");
    store.set("a", "on"); // by another page
    assert.equal(recall("a"), "on");
    forget("a");
    assert.equal(recall("a"), null);
  });
});

test("where storage is blocked, it is kept until the page is left", () => {
  const blocked = () => {
    throw new DOMException("denied", "SecurityError");
  };
  withStorage(blocked, () => {
    assert.equal(recall("b"), null);
    remember("b", "off");
    assert.equal(recall("b"), "off");
    forget("b");
    assert.equal(recall("b"), null);
  });
});

test("where storage is full, likewise", () => {
  const full = () => ({
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
    getItem: () => null,
  });
  withStorage(full, () => {
    remember("c", "off");
    assert.equal(recall("c"), "off");
  });
});
