/** Links of the page's panels, opened by the stage that is there. */

import assert from "node:assert";
import test, { beforeEach } from "node:test";

import { followsLinks, isOfThisPage } from "../../../nnviz/stage/host/page-links.js";

const HOME = "https://nnviz.test/sub/";

/** As much of an element as is asked for. */
class FakeElement {
  constructor(found = {}) {
    this.found = found;
    this.reactions = {};
    this.clicks = 0;
  }

  closest(selector) {
    return this.found[selector] ?? null;
  }

  on(name, react) {
    this.reactions[name] = react;
  }

  click() {
    this.clicks += 1;
  }
}

const PANEL = ":is(.st-key-panel_open, .site-panel)";
let page, went, stage;

beforeEach(() => {
  went = [];
  stage = new FakeElement();
  stage.scrollIntoView = () => went.push("stage in view");
  page = {
    listeners: {},
    addEventListener: (name, react) => (page.listeners[name] = react),
    querySelector: (selector) => (selector === ":is(.st-key-stage, #site-stage)" ? stage : page.rows?.[selector]),
  };
  Object.assign(globalThis, {
    Element: FakeElement,
    HTMLElement: FakeElement,
    HTMLAnchorElement: FakeElement,
    PopStateEvent: class { constructor(type) { this.type = type; } },
    document: page,
    location: new URL(HOME),
    history: { pushState: (state, title, address) => went.push(address) },
    dispatchEvent: ({ type }) => went.push(type),
  });
  followsLinks(page);
});

function click(href, keys = {}) {
  let isPrevented = false;
  const link = { href };
  const target = new FakeElement({ [`${PANEL} a[href]:not([download])`]: href && link });
  page.listeners.click({ target, button: 0, ...keys, preventDefault: () => (isPrevented = true) });
  return isPrevented;
}

test("a link to another run of this page is followed without loading it", () => {
  assert.ok(click(`${HOME}?data=xor&epoch=5`));
  assert.deepEqual(went, [`${HOME}?data=xor&epoch=5`, "popstate", "stage in view"]);
});

test("other links, and those opened in another tab, are the browser's", () => {
  for (const key of ["ctrlKey", "metaKey", "shiftKey", "altKey"]) assert.ok(!click(`${HOME}?data=xor`, { [key]: true }));
  assert.ok(!click(`${HOME}?data=xor`, { button: 1 }));
  assert.ok(!click("https://elsewhere.test/sub/?data=xor"));
  assert.ok(!click(null));
  assert.deepEqual(went, []);
});

test("a link is of this page by its origin and its path", () => {
  assert.ok(isOfThisPage(new URL(`${HOME}?data=xor`), new URL(`${HOME}?v=1`)));
  assert.ok(!isOfThisPage(new URL("https://nnviz.test/"), new URL(HOME)));
  assert.ok(!isOfThisPage(new URL("http://nnviz.test/sub/"), new URL(HOME)));
});

test("a click on a mark of a chart opens the run in the list", () => {
  const chart = new FakeElement();
  const over = { target: new FakeElement({ [`${PANEL} .js-plotly-plot`]: chart }) };
  page.listeners.pointerover(over);
  const row = new FakeElement();
  page.rows = { [`${PANEL} tr[data-run="7"] a[href]`]: row };
  chart.reactions.plotly_click({ points: [{ customdata: 7 }] });
  assert.equal(row.clicks, 1);
  const react = chart.reactions.plotly_click;
  page.listeners.pointerover(over);
  assert.equal(chart.reactions.plotly_click, react); // once
  chart.reactions.plotly_click({ points: [{}] });
  assert.equal(row.clicks, 1);
});

test("a page is listened to once", () => {
  const { click: before } = page.listeners;
  followsLinks(page);
  assert.equal(page.listeners.click, before);
});
