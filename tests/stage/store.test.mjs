import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../nnviz/stage/store.js";

const add = (state, { name, by }) => (by ? { ...state, [name]: state[name] + by } : state);

test("a watcher of one part is called only where that changes, with its value before", () => {
  const store = new Store(add, { a: 0, b: 0 });
  const heard = [];
  const letGo = store.watch(({ a }) => a, (now, before) => heard.push([now, before]));
  store.dispatch({ name: "b", by: 1 });
  store.dispatch({ name: "a", by: 2 });
  store.dispatch({ name: "a", by: 0 });
  letGo();
  store.dispatch({ name: "a", by: 1 });
  assert.deepEqual(heard, [[2, 0]]);
});

test("what a listener dispatches is applied after the event it was called for, for all listeners", () => {
  const store = new Store(add, { a: 0 });
  const heard = [];
  store.subscribe(({ a }) => a === 1 && store.dispatch({ name: "a", by: 10 }));
  store.subscribe(({ a }, before) => heard.push([a, before.a]));
  store.dispatch({ name: "a", by: 1 });
  assert.deepEqual(heard, [[1, 0], [11, 1]]);
});

test("after an event that failed, the next is applied alone", () => {
  const store = new Store((state, { fails }) => {
    if (fails) throw new Error("no");
    return state + 1;
  }, 0);
  assert.throws(() => store.dispatch({ fails: true }), /no/);
  store.dispatch({});
  assert.equal(store.state, 1);
});
