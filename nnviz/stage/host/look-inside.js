/** The panels below the stage of the site: a choice of them, and the content of the open one, which comes from Python. */

import { drawn } from "./panel-items.js";
import { watchTheme } from "./theme.js";

/**
 * @typedef {object} OpenPanel see `nnviz/site/engine/panels.py`
 * @property {string} name
 * @property {string} title
 * @property {import("./panel-items.js").Item[]} items
 * @property {boolean} replaying whether its numbers are still on their way
 *
 * @typedef {{label: string, titles: {[name: string]: string}}} Choices
 * @typedef {{item: string, element: HTMLElement}} Drawn an item as JSON, and where it is drawn
 */

export class LookInside {
  /** @type {OpenPanel | null} */
  #shown = null;
  /** @type {Drawn[]} what is in the panel */
  #drawn = [];

  /**
   * @param {HTMLElement} root @param {Choices} choices @param {string} files address of the stage's files
   * @param {(message: object) => void} send to Python, see `Page.handle` in `nnviz/site/engine/page.py`
   */
  constructor(root, { label, titles }, files, send) {
    this.root = root;
    this.send = send;
    this.drawing = { files, send };
    this.heading = document.createElement("h3");
    this.body = Object.assign(document.createElement("div"), { className: "site-panel" });
    this.buttons = Object.entries(titles).map(([name, title]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: title, name });
      button.addEventListener("click", () => send({ panel: this.#shown?.name === name ? null : name }));
      return button;
    });
    const row = Object.assign(document.createElement("div"), { className: "site-panel-choice" });
    row.append(Object.assign(document.createElement("span"), { textContent: label }), ...this.buttons);
    root.append(row, this.heading, this.body);
    watchTheme(root, () => this.#redraw(), new AbortController().signal);
    this.show(null);
  }

  /** Of the open panel, if any. */
  get name() {
    return this.#shown?.name;
  }

  /** @param {OpenPanel | null} panel */
  show(panel) {
    const isOther = panel?.name !== this.#shown?.name;
    this.#shown = panel;
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.name === panel?.name));
    this.heading.hidden = this.body.hidden = !panel;
    this.heading.textContent = panel?.title ?? "";
    this.#draw(isOther ? [] : this.#drawn, panel?.items ?? []);
    if (panel && isOther) this.buttons[0].scrollIntoView({ block: "center" });
    if (panel?.replaying) this.send({}); // goes on
  }

  /** @param {Drawn[]} before @param {import("./panel-items.js").Item[]} items */
  #draw(before, items) {
    const focused = document.activeElement?.id;
    const old = new Map(before.map(({ item, element }) => [item, element]));
    this.#drawn = items.map((item) => {
      const key = JSON.stringify(item);
      const element = old.get(key) ?? drawn(item, this.drawing, partOf(this.body, item));
      old.delete(key);
      return { item: key, element };
    });
    this.#place(this.#drawn.map(({ element }) => element));
    if (focused && focused !== document.activeElement?.id) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  /** What is there stays where it is, and keeps its focus. @param {HTMLElement[]} elements */
  #place(elements) {
    for (const child of [...this.body.children]) if (!elements.some((element) => element === child)) child.remove();
    elements.forEach((element, i) => {
      if (this.body.children[i] !== element) this.body.insertBefore(element, this.body.children[i] ?? null);
    });
  }

  /** In the colours of another theme. */
  #redraw() {
    if (this.#shown) this.#draw([], this.#shown.items);
  }
}

/** The element of a part or a form that is there already. @param {HTMLElement} body @param {import("./panel-items.js").Item} item */
function partOf(body, item) {
  const found = "key" in item ? body.querySelector(`:scope > #${CSS.escape(`site-part-${item.key}`)}`) : null;
  return found instanceof HTMLElement ? found : null;
}
