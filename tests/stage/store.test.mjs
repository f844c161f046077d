import assert from "node:assert/strict";
import { test } from "node:test";

import { Store } from "../../nnviz/stage/store.js";

const add = (state, { name, by }) => (by ? { ...state, [name]: state[name] + by } : state);

test("who watches one thing hears of that alone, with what it was before", () => {
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

test("what listeners dispatch comes after what they hear of, for all of them", () => {
  const store = new Store(add, { a: 0 });
  const heard = [];
  store.subscribe(({ a }) => a === 1 && store.dispatch({ name: "a", by: 10 }));
  store.subscribe(({ a }, before) => heard.push([a, before.a]));
  store.dispatch({ name: "a", by: 1 });
  assert.deepEqual(heard, [[1, 0], [11, 1]]);
});

test("an event that fails leaves none behind", () => {
  const store = new Store((state, { fails }) => {
    if (fails) throw new Error("no");
    return state + 1;
  }, 0);
  assert.throws(() => store.dispatch({ fails: true }), /no/);
  store.dispatch({});
  assert.equal(store.state, 1);
});
