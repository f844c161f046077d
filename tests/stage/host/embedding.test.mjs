/** The page within another one. */

import assert from "node:assert";
import test from "node:test";

import { embeddingOf, embeddingParams, momentOf, originAround, snippetOf, talkWithParent } from "../../../nnviz/stage/host/embedding.js";

test("only embed=1 embeds, with the controls that are named", () => {
  assert.deepEqual(embeddingOf("?embed=1&controls=hidden,activation"), { isEmbedded: true, controls: ["hidden", "activation"] });
  assert.deepEqual(embeddingOf("?embed=1"), { isEmbedded: true, controls: [] });
  for (const search of ["", "?embed=0&controls=hidden", "?controls=hidden"]) {
    assert.deepEqual(embeddingOf(search), { isEmbedded: false, controls: [] });
  }
});

test("a query is that of a moment, and how it is shown", () => {
  const search = "?data=iris&embed=1&epoch=5&controls=data";
  assert.deepEqual(momentOf(search), { data: "iris", epoch: "5" });
  assert.deepEqual(embeddingParams(search), { embed: "1", controls: "data" });
});

test("the snippet shows a link in a frame", () => {
  assert.match(snippetOf("https://a/?v=1&data=iris"), /^<iframe src="https:\/\/a\/\?v=1&amp;data=iris&amp;embed=1" title=/);
});

test("the origin around is that of the ancestor, else of the referrer", () => {
  const frame = { name: "", location: { origin: "https://own" } };
  assert.equal(originAround("https://a", "https://b/c", frame), "https://a");
  assert.equal(originAround("null", "https://b/c", frame), "");
  assert.equal(originAround(undefined, "https://b/c", frame), "https://b");
  assert.equal(originAround(undefined, "", frame), "");
});

test("the origin of the referrer stays known where the page itself loads another moment", () => {
  const frame = { name: "", location: { origin: "https://own" } };
  assert.equal(originAround(undefined, "https://b/c", frame), "https://b");
  for (let i = 0; i < 2; i++) assert.equal(originAround(undefined, "https://own/?data=iris", frame), "https://b");
  assert.equal(originAround(undefined, "https://other/", frame), "https://other");
});

test("a page of the same origin may be around", () => {
  const frame = { name: "", location: { origin: "https://own" } };
  for (let i = 0; i < 2; i++) assert.equal(originAround(undefined, "https://own/notes", frame), "https://own");
});

function talking(origin = "https://notes") {
  const posted = [];
  const opened = [];
  const frame = {
    parent: { postMessage: (...message) => posted.push(message) },
    origin,
    listen: (hear) => (frame.hear = hear),
  };
  talkWithParent(async () => "data=iris", (query) => opened.push(query), frame);
  return { frame, posted, opened };
}

test("the page around hears that it is ready, and what the moment is", async () => {
  const { frame, posted } = talking();
  frame.hear({ source: frame.parent, origin: "https://notes", data: { nnviz: "moment" } });
  await new Promise(setImmediate);
  assert.deepEqual(posted, [
    [{ nnviz: "ready" }, "https://notes"], [{ nnviz: "moment", query: "data=iris" }, "https://notes"],
  ]);
});

test("it may open another moment; others may not", () => {
  const { frame, opened } = talking();
  const data = { nnviz: "open", query: "data=moons" };
  frame.hear({ source: {}, origin: "https://notes", data });
  frame.hear({ source: frame.parent, origin: "https://other", data });
  for (const other of [null, "open", { nnviz: "open", query: 1 }, { nnviz: "else" }]) {
    frame.hear({ source: frame.parent, origin: "https://notes", data: other });
  }
  assert.deepEqual(opened, []);
  frame.hear({ source: frame.parent, origin: "https://notes", data });
  assert.deepEqual(opened, ["data=moons"]);
});

test("where the origin around is not known, nothing is sent or received", () => {
  const { frame, posted } = talking("");
  assert.equal(frame.hear, undefined);
  assert.deepEqual(posted, []);
});
