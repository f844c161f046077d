/** What is in a panel of the site, drawn as plain HTML: a function a kind, see `nnviz/site/engine/panels.py`. */

import { button } from "../controls/elements.js";
import { Form } from "../controls/form.js";
import { loadPlotly } from "../charts/plotly-loader.js";
import { drawAxes } from "./axes.js";
import { themed, themeOf } from "./theme.js";

/**
 * `html` comes from Python, where names that people typed are escaped.
 * @typedef {{kind: "heading", text: string}} Heading
 * @typedef {{kind: "text", role: "text" | "caption" | "info" | "warning", html: string}} Text
 * @typedef {{kind: "progress", text: string, share: number}} Progress
 * @typedef {{kind: "formula", html: string}} Formula
 * @typedef {{kind: "table", caption: string, rows: string[], columns: string[], values: string[][]}} Table
 * @typedef {{kind: "part", key: string, title: string, open: boolean, items: Item[]}} Part
 * @typedef {{kind: "point", label: string, help: string, value: number, most: number}} Point
 * @typedef {{kind: "nearest", text: string, point: number}} Nearest
 * @typedef {{kind: "weight", boxes: {label: string, help: string, options: string[], value: number}[]}} Weight
 * @typedef {{kind: "program", text: string, name: string, isShown: boolean}} Program
 * @typedef {{kind: "figure", figure: {data: object[], layout: import("./theme.js").PlotlyLayout}, alt: string}} Figure
 * @typedef {{kind: "axes", figure: import("../charts/axis-order.js").ParallelFigure, alt: string}} Axes
 * @typedef {{kind: "html", html: string}} Html
 * @typedef {{kind: "buttons", buttons: {text: string, message: object}[], isOff: boolean}} Buttons
 * @typedef {{kind: "form", key: string, groups: import("../controls/form.js").FormGroup[]}} FormItem
 * @typedef {Heading | Text | Progress | Formula | Table | Part | Point | Nearest | Weight | Program | Figure | Axes | Html | Buttons | FormItem} Item
 *
 * @typedef {{files: string, send: (message: object) => void}} Drawing
 * @typedef {HTMLElement | null} Before the element that showed the same part or form
 */

/** Forms by their elements. @type {WeakMap<HTMLElement, Form>} */
const forms = new WeakMap();

/** @param {Item} item @param {Drawing} drawing @param {Before} before @returns {HTMLElement} */
export function drawn(item, drawing, before = null) {
  const draw = /** @type {(item: Item, drawing: Drawing, before: Before) => HTMLElement} */ (DRAW[item.kind]);
  return draw(item, drawing, before);
}

/** @type {{[Kind in Item["kind"]]: (item: Extract<Item, {kind: Kind}>, drawing: Drawing, before: Before) => HTMLElement}} */
const DRAW = {
  heading: ({ text }) => made("h4", { textContent: text }),

  text: ({ role, html }) => made("p", { className: `site-${role}`, innerHTML: html }),

  progress({ text, share }) {
    const line = made("p", { textContent: text });
    const bar = made("progress", { max: 1, value: share });
    setAttributes(bar, { "aria-label": text });
    line.append(bar);
    return line;
  },

  formula: ({ html }) => scrolled(made("div", { className: "site-formula", innerHTML: html }), "Formula"),

  table({ caption, rows, columns, values }) {
    const title = `${caption}, ${rows.length} × ${columns.length}`;
    const head = row("th", columns, "col");
    head.prepend(made("td"));
    const lines = rows.map((name, i) => {
      const line = row("td", values[i]);
      line.prepend(made("th", { scope: "row", textContent: name }));
      return line;
    });
    const table = made("table");
    table.append(made("caption", { textContent: title }), head, ...lines);
    const box = made("div", { className: "site-table" });
    box.append(table);
    return scrolled(box, title);
  },

  part({ key, title, open, items }, drawing, before) {
    const element = before instanceof HTMLDetailsElement ? before : made("details", { id: `site-part-${key}`, className: "site-part", open });
    while (element.children.length > 1) element.lastElementChild?.remove();
    if (!before) {
      element.append(made("summary", { innerHTML: title, id: `site-part-${key}-title` }));
      element.addEventListener("toggle", () => {
        if (element.open !== (element.dataset.open === "true")) drawing.send({ part: [key, element.open] });
      });
    }
    element.dataset.open = String(open); // as Python knows it
    element.append(...items.map((item) => drawn(item, drawing)));
    return element;
  },

  point({ label, help, value, most }, { send }) {
    const input = made("input", { type: "number", id: "site-point", min: "1", max: String(most), step: "1", value: String(value) });
    input.addEventListener("change", () => {
      if (input.validity.valid && input.value) send({ point: Number(input.value) - 1 });
      else input.reportValidity();
    });
    return labelled(label, input, help);
  },

  nearest({ text, point }, { send }) {
    const button = made("button", { type: "button", textContent: text, className: "site-button" });
    button.addEventListener("click", () => send({ point }));
    return button;
  },

  weight({ boxes }, { send }) {
    const line = made("div", { className: "site-cells" });
    line.style.setProperty("--columns", String(boxes.length));
    line.append(...boxes.map(({ label, help, options, value }, place) => {
      const select = made("select", { id: `site-weight-${place}` });
      select.append(...options.map((name, i) => new Option(name, String(i), false, i === value)));
      select.addEventListener("change", () => send({ weight: [place, select.selectedIndex] }));
      return labelled(label, select, help);
    }));
    return line;
  },

  program({ text, name, isShown }) {
    const box = made("div");
    if (isShown) box.append(scrolled(made("pre", { textContent: text }), name));
    const link = made("a", { className: "site-button", download: name, textContent: "Download" });
    link.href = `data:text/x-python;charset=utf-8,${encodeURIComponent(text)}`;
    box.append(link);
    return box;
  },

  html: ({ html }) => made("div", { className: "site-html", innerHTML: html }),

  buttons({ buttons, isOff }, { send }) {
    const row = made("p", { className: "site-panel-choice" });
    row.append(...buttons.map(({ text, message }) => Object.assign(button(text, () => send(message)), { disabled: isOff, id: `site-do-${text}` })));
    return row;
  },

  form({ key, groups }, { send }, before) {
    const root = before instanceof HTMLFormElement ? before : made("form", { className: "site-form", id: `site-part-${key}` });
    const form = forms.get(root) ?? new Form(root, () => {}, (key, value) => send({ sweep: { changed: { [key]: value } } }));
    forms.set(root, form);
    form.show(groups);
    return root;
  },

  figure({ figure, alt }, { files }) {
    const element = made("div", { className: "site-figure" });
    setAttributes(element, { role: "img", "aria-label": alt });
    element.style.height = `${figure.layout.height}px`;
    loadPlotly(files).then((plotly) => {
      const layout = { ...themed(figure.layout, themeOf(element)), width: element.clientWidth };
      new ResizeObserver(() => element.clientWidth && plotly.relayout(element, { width: element.clientWidth })).observe(element);
      return plotly.react(element, figure.data, layout, { displayModeBar: false, scrollZoom: false });
    }).catch(() => element.replaceChildren(made("p", { textContent: alt }))); // without Plotly, in words
    return element;
  },

  axes({ figure, alt }, { files }) {
    const element = made("div", { className: "site-figure" });
    drawAxes(element, figure, alt, files, new AbortController().signal);
    return element;
  },
};

/** @param {"th" | "td"} name @param {string[]} texts @param {string} [scope] */
function row(name, texts, scope = "") {
  const line = made("tr");
  line.append(...texts.map((textContent) => made(name, scope ? { textContent, scope } : { textContent })));
  return line;
}

/** What may be wider than the page is reached by keys where it is. @template {HTMLElement} Box @param {Box} box @param {string} label */
function scrolled(box, label) {
  new ResizeObserver(() => {
    const isWide = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1;
    const attributes = { "data-wide": "", tabindex: "0", role: "region", "aria-label": label };
    if (isWide) setAttributes(box, attributes);
    else for (const name of Object.keys(attributes)) box.removeAttribute(name);
  }).observe(box);
  return box;
}

/** @param {string} text @param {HTMLInputElement | HTMLSelectElement} control @param {string} help */
function labelled(text, control, help) {
  const box = made("div", { className: "site-field" });
  const sentence = made("p", { textContent: help, id: `${control.id}-help` });
  control.setAttribute("aria-describedby", sentence.id);
  box.append(made("label", { textContent: text, htmlFor: control.id }), control, sentence);
  return box;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Partial<HTMLElementTagNameMap[Name]>} [properties] @returns {HTMLElementTagNameMap[Name]}
 */
const made = (name, properties = {}) => Object.assign(document.createElement(name), properties);

/** @param {HTMLElement} element @param {{[name: string]: string}} attributes */
function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
