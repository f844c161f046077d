/** Messages to the page's script, of which some are lost: a random walk. */

import assert from "node:assert";
import test from "node:test";

import { Outbox } from "../../../nnviz/stage/host/outbox.js";

/** A random number generator of a seed, from 0 to 1. */
function random(seed) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

test("the last value of every name arrives once, whatever is lost", () => {
  for (let seed = 1; seed < 200; seed++) {
    const chance = random(seed);
    const [outbox, taken, sent, got] = [new Outbox(), {}, {}, {}];
    const runs = (lossy) => (name, { number, value }) => {
      if (lossy && chance() < 0.5) return;
      if (number <= (taken[name] ?? 0)) return; // come before
      [taken[name], got[name]] = [number, [...(got[name] ?? []), value]];
    };
    for (let value = 0; value < 20; value++) {
      const name = chance() < 0.5 ? "kept" : "upload";
      const seen = { ...taken }; // the page is drawn before it has the message
      outbox.send(name, (sent[name] = value), runs(true));
      if (chance() < 0.5) outbox.update(chance() < 0.5 ? seen : taken, runs(true));
    }
    outbox.update(taken, runs(false));
    for (const name of Object.keys(sent)) {
      assert.equal(got[name].at(-1), sent[name]);
      assert.equal(new Set(got[name]).size, got[name].length);
    }
    outbox.update(taken, () => {});
    outbox.update(taken, () => assert.fail("sent what has been taken"));
  }
});
