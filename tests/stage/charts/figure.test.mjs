/** What Plotly figures share. */

import assert from "node:assert";
import test from "node:test";

import { plain, purgeAtEnd } from "../../../nnviz/stage/charts/figure.js";

/** As Plotly's svg_text_utils does it: entities last, TeX by unescaped dollars. */
const written = (text) =>
  text
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&#36;", "$").replaceAll("&amp;", "&");

test("no letter of a text is left for Plotly to read as markup, and none is lost", () => {
  for (const text of ["<b>x</b>", "a & b", "&lt;b&gt;", "$x^2$", "<a href=\"javascript:alert(1)\">x</a>", "x₁", ""]) {
    assert.doesNotMatch(plain(text), /[<>$]|&(?!(amp|lt|gt|#36);)/);
    assert.equal(written(plain(text)), text);
  }
  assert.equal(plain(1), "1");
});

test("a figure is purged at the end, and not before", () => {
  const purged = [];
  const end = new AbortController();
  purgeAtEnd({ purge: (element) => purged.push(element) }, "element", end.signal);
  assert.deepEqual(purged, []);
  end.abort();
  assert.deepEqual(purged, ["element"]);
});
