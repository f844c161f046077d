/** What is said on a page whose server has another version by now. */

import assert from "node:assert";
import test from "node:test";

import { noteFiles } from "../../../nnviz/stage/host/newer.js";

/** A document with room for one notice. */
class Page {
  body = { append: (notice) => (this.notice = notice) };
  notice = null;

  createElement() {
    const element = {
      parts: [], setAttribute() {}, remove: () => (this.notice = null),
      addEventListener: (_, press) => (element.click = press),
      append: (...parts) => element.parts.push(...parts),
    };
    return element;
  }

  getElementById = () => this.notice;
}

test("another version is offered once, until it is put off or the old one is back", () => {
  const page = new Page();
  globalThis.document = page;
  const runs = (files) => {
    noteFiles(files, async () => "");
    return page.notice;
  };
  assert.equal(runs("stage/1"), null);
  assert.equal(runs("stage/1"), null);
  const notice = runs("stage/2");
  assert.equal(notice.textContent, "nnviz has been updated on this server.");
  assert.equal(runs("stage/2"), notice);
  notice.parts.find(({ textContent }) => textContent === "Later").click();
  assert.equal(runs("stage/2"), null);
  assert.ok(runs("stage/3"));
  assert.equal(runs("stage/1"), null);
});
