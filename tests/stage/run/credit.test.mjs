/** How many frames may be ahead, on lines and displays of all kinds. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Credit } from "../../../nnviz/stage/run/credit.js";

/**
 * Play over a line for some seconds.
 * @param {object} way
 * @param {number} [way.trip] ms of a round trip, in which nothing waits
 * @param {number} [way.service] ms that the server or the line is busy with each frame
 * @param {number} [way.display] ms between two pictures that the display can show
 * @returns what was reached at the end: pictures a second, and the longest time from request to picture
 */
function play({ trip = 0, service = 1, display = 1000 / 60 }, seconds = 60, last = 10) {
  let [now, id, free, lastShown] = [0, 0, 0, -Infinity];
  const credit = new Credit(() => now);
  const [underWay, arrived] = [[], []];
  const delays = [];
  const grant = () => {
    while (underWay.length + arrived.length < credit.window) {
      id += 1;
      credit.sent(id);
      free = Math.max(free, now + trip / 2) + service; // one after the other
      underWay.push({ id, sent: now, due: free + trip / 2 });
    }
  };
  for (; now < 1000 * seconds; now += 0.5) {
    grant();
    while (underWay[0]?.due <= now) {
      credit.replied(underWay[0].id);
      arrived.push(underWay.shift());
    }
    if (now - lastShown < display || !arrived.length) continue;
    lastShown = now;
    if (now > 1000 * (seconds - last)) delays.push(now - arrived[0].sent);
    arrived.shift();
    credit.shown();
  }
  return { rate: delays.length / last, delay: Math.max(...delays), window: credit.window };
}

for (const trip of [0, 40, 100, 200, 400]) {
  test(`a display of 60 pictures a second shows as many at a round trip of ${trip} ms`, () => {
    const { rate, delay } = play({ trip });
    assert.ok(rate > 56, `${rate}/s`);
    assert.ok(delay < trip + 80, `${delay} ms from request to picture`);
  });
}

test("a slow line is used, and no more waits on it than a frame or two, however long a run goes on", () => {
  const { rate, delay } = play({ trip: 100, service: 25 }, 120);
  assert.ok(rate > 36, `${rate}/s of 40`);
  assert.ok(delay < 250, `${delay} ms from request to picture`);
});

test("a slow network is never without a request, and never far ahead", () => {
  const { rate, delay, window } = play({ trip: 20, service: 300 }, 120, 30);
  assert.ok(rate > 3.2, `${rate}/s of 3.33`);
  assert.ok(window <= 3 && delay < 1200, `${window} frames, ${delay} ms`);
});

test("a slow display has no more frames waiting than it shows in a round trip, and two", () => {
  const { rate, delay } = play({ trip: 100, display: 100 });
  assert.ok(rate > 9, `${rate}/s of 10`);
  assert.ok(delay < 350, `${delay} ms from request to picture`);
});

test("there is a bound", () => {
  let now = 0;
  const credit = new Credit(() => now);
  credit.sent(1);
  now = 60_000;
  credit.replied(1);
  assert.equal(credit.window, 40);
});

test("at least one frame may be requested, whatever was measured", () => {
  let now = 0;
  const credit = new Credit(() => now);
  for (let id = 0; id < 100; id++) {
    credit.sent(id);
    credit.replied(id);
    now += 17;
    credit.shown();
    assert.ok(credit.window >= 1);
  }
  credit.forget();
  assert.ok(credit.window >= 1);
});

test("a pause says nothing of the pace", () => {
  let now = 0;
  const credit = new Credit(() => now);
  const pictures = (number) => {
    for (let id = 0; id < number; id++) {
      credit.sent(id);
      now += 40;
      credit.replied(id);
      credit.shown();
    }
  };
  pictures(40);
  const { window } = credit;
  now += 60_000;
  credit.interrupt();
  pictures(40);
  assert.equal(credit.window, window);
});
