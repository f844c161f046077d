/** The settings of a run as a form, drawn from the JSON of `nnviz/site/engine/sidebar.py`. */

/**
 * @typedef {object} FormWidget see `Widget` in `nnviz/recipe/form.py`
 * @property {string} field
 * @property {string} key
 * @property {"select" | "pills" | "dial" | "slider" | "number" | "text" | "toggle"} kind
 * @property {string} label
 * @property {string} help
 * @property {any} value of selects and pills the index of the option, or those of all chosen
 * @property {any[]} options of selects and pills their labels
 * @property {number | null} low
 * @property {number | null} high
 * @property {number | null} step
 * @property {boolean} whole
 * @property {string} rule
 * @property {boolean} enabled
 * @property {string} sentence
 * @property {boolean} warns
 * @property {string} row
 * @property {{question: string, answer: string} | null} note
 *
 * @typedef {{title: string, unfolded: boolean, widgets: FormWidget[]}} FormGroup
 */

const ROW = 3; // widgets side by side

export class Form {
  /** @type {Map<string, {drawn: string, element: HTMLElement}>} widgets by key, with what they show as JSON */
  #fields = new Map();
  /** @type {Map<string, {drawn: string, element: HTMLElement}>} groups by title */
  #groups = new Map();

  /**
   * @param {HTMLElement} root
   * @param {(parent: HTMLElement, widget: FormWidget) => void} drawDial
   * @param {(key: string, value: unknown) => void} changed with an index, indices or a value, as widgets have them
   */
  constructor(root, drawDial, changed) {
    this.root = root;
    this.drawDial = drawDial;
    this.changed = changed;
    root.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Show these groups; what shows the same already stays as it is, and the focus where it is. @param {FormGroup[]} groups */
  show(groups) {
    const { activeElement } = document;
    const elements = groups.map((group) => this.#group(group));
    if (elements.some((element) => element.parentElement !== this.root)) this.root.replaceChildren(...elements);
    if (activeElement?.id && activeElement !== document.activeElement) document.getElementById(activeElement.id)?.focus({ preventScroll: true });
    const keys = new Set(groups.flatMap(({ widgets }) => widgets.map(({ key }) => key)));
    for (const key of this.#fields.keys()) if (!keys.has(key)) this.#fields.delete(key);
  }

  /** The element of a group; one whose widgets show the same stays untouched, as a dial in it may be dragged. @param {FormGroup} group */
  #group({ title, unfolded, widgets }) {
    const drawn = widgets.map(drawnOf).join();
    const before = this.#groups.get(title);
    if (before?.drawn === drawn) return before.element;
    const element = before?.element ?? wrapped(title ? "details" : "div", "site-group");
    if (!before && element instanceof HTMLDetailsElement) element.open = unfolded;
    const heading = title ? [withText("summary", title)] : [];
    element.replaceChildren(...heading, ...inRows(widgets, (widget) => this.#field(widget)));
    this.#groups.set(title, { drawn, element });
    return element;
  }

  /** @param {FormWidget} widget @returns {HTMLElement} */
  #field(widget) {
    const drawn = drawnOf(widget);
    const before = this.#fields.get(widget.key);
    if (before?.drawn === drawn) return before.element;
    const element = wrapped("div", "site-field");
    element.dataset.field = widget.key;
    if (widget.kind === "dial") this.drawDial(element, widget);
    else DRAW[widget.kind](element, widget, (value) => this.changed(widget.key, value));
    if (widget.note) element.append(noteOf(widget.note));
    const sentence = sentenceOf(widget);
    if (sentence) element.append(withText("p", sentence, { id: `${idOf(widget)}-sentence` }));
    this.#fields.set(widget.key, { drawn, element });
    return element;
  }
}

/** What a widget shows; the value of a dial is the run's. @param {FormWidget} widget */
const drawnOf = (widget) => JSON.stringify(widget.kind === "dial" ? { ...widget, value: null } : widget);

/** Widgets in their order, those of a row side by side under its title. @param {FormWidget[]} widgets @param {(widget: FormWidget) => HTMLElement} draw */
function inRows(widgets, draw) {
  /** @type {HTMLElement[]} */
  const parts = [];
  let title = "";
  for (const widget of widgets) {
    if (!widget.row) parts.push(draw(widget));
    else if (widget.row === title) parts.at(-1)?.lastElementChild?.append(draw(widget));
    else {
      const cells = wrapped("div", "site-cells", draw(widget));
      cells.style.setProperty("--columns", String(ROW));
      parts.push(wrapped("div", "site-row", withText("span", widget.row), cells));
    }
    title = widget.row;
  }
  return parts;
}

/** What stands below a widget, as on the served page: a dial shows its help itself, and a note replaces it. @param {FormWidget} widget */
function sentenceOf({ sentence, warns, kind, note, help, row }) {
  if (sentence) return warns ? `⚠ ${sentence}` : sentence;
  return kind === "dial" || note || row ? "" : help;
}

// --- one function a kind of widget -----------------------------------------------------------

/** @typedef {(parent: HTMLElement, widget: FormWidget, changed: (value: unknown) => void) => void} Draw */

/** @type {{[Kind in Exclude<FormWidget["kind"], "dial">]: Draw}} */
const DRAW = {
  select(parent, widget, changed) {
    const control = document.createElement("select");
    control.append(...widget.options.map((label, index) => new Option(label, String(index), false, index === widget.value)));
    control.addEventListener("change", () => changed(control.selectedIndex));
    labelled(parent, widget, control);
  },

  pills(parent, widget, changed) {
    const set = document.createElement("fieldset");
    set.append(withText("legend", widget.label));
    widget.options.forEach((label, index) => {
      const box = inputOf("checkbox", { checked: widget.value.includes(index), id: `${idOf(widget)}-${index}` });
      box.addEventListener("change", () => {
        const boxes = [...set.querySelectorAll("input")];
        changed(boxes.flatMap(({ checked }, i) => (checked ? [i] : [])));
      });
      set.append(wrapped("label", "site-pill", box, withText("span", label)));
    });
    parent.append(set);
  },

  slider(parent, widget, changed) {
    const control = numberOf("range", widget);
    const shown = withText("output", String(widget.value));
    control.addEventListener("input", () => (shown.textContent = control.value));
    control.addEventListener("change", () => changed(Number(control.value)));
    labelled(parent, widget, control, shown);
  },

  number(parent, widget, changed) {
    const control = numberOf("number", widget);
    control.addEventListener("change", () => {
      if (control.validity.valid && control.value) changed(Number(control.value));
      else control.reportValidity();
    });
    labelled(parent, widget, control);
  },

  text(parent, widget, changed) {
    const control = inputOf("text", { value: widget.value, autocomplete: "off", spellcheck: false });
    control.addEventListener("change", () => changed(control.value));
    labelled(parent, widget, control);
  },

  toggle(parent, widget, changed) {
    const box = inputOf("checkbox", { checked: widget.value });
    box.addEventListener("change", () => changed(box.checked));
    labelled(parent, widget, box);
  },
};

/** @param {HTMLElement} parent @param {FormWidget} widget @param {HTMLInputElement | HTMLSelectElement} control @param {HTMLElement[]} more */
function labelled(parent, widget, control, ...more) {
  control.id = idOf(widget);
  control.disabled = !widget.enabled;
  if (sentenceOf(widget)) control.setAttribute("aria-describedby", `${control.id}-sentence`);
  const label = withText("label", widget.label, { htmlFor: control.id });
  if (widget.row) label.className = "site-hidden"; // its place shows it to those who see it
  parent.append(label, ...more, control);
}

/** @param {FormWidget} widget */
const idOf = ({ key }) => `site-field-${key}`;

/** @param {string} type @param {FormWidget} widget */
function numberOf(type, { low, high, step, value }) {
  return inputOf(type, { min: String(low), max: String(high), step: String(step), value: String(value) });
}

/** @param {string} type @param {{[property: string]: unknown}} properties */
function inputOf(type, properties) {
  const input = document.createElement("input");
  Object.assign(input, { type, ...properties });
  return input;
}

/** @param {{question: string, answer: string}} note */
function noteOf({ question, answer }) {
  const paragraphs = answer.split("\n\n").map((text) => withText("p", text));
  return wrapped("details", "site-note", withText("summary", question), ...paragraphs);
}

/** @param {string} name @param {string} className @param {HTMLElement[]} children @returns {HTMLElement} */
function wrapped(name, className, ...children) {
  const element = Object.assign(document.createElement(name), { className });
  element.append(...children);
  return element;
}

/** @param {string} name @param {string} textContent @param {object} [properties] @returns {HTMLElement} */
const withText = (name, textContent, properties = {}) => Object.assign(document.createElement(name), { textContent, ...properties });
