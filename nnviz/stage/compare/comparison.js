/**
 * Runs side by side on the stage: the active one's plane, which is always there, and those of the others
 * beside it, each with a head. Which runs these are follows from the state.
 */

import { bindBox, bindSizes } from "../controls/input.js";
import { button, one } from "../controls/elements.js";
import { classMark, lightOf, symbolMark } from "../plane/symbols.js";
import { wholeRecipe } from "../run/run-state.js";
import { runsShown } from "../stage-state.js";
import { keyOf, MOST, othersOf, placeOf, titleOf } from "./companions.js";
import { CompanionPlane } from "./companion-plane.js";
import { contrasts } from "./contrast.js";
import { columnsFor, heightFor } from "./layout.js";
import { writeLegend } from "./legend.js";
import { presetsFor, runsOf } from "./presets.js";
import { besideFrames } from "./replies.js";
import { RunHead } from "./run-head.js";

/** @typedef {import("../stage-state.js").StageState} StageState */
/** @typedef {import("../plane/plane.js").Style} Style */

/**
 * The style of a run's curves and bars: the last of those of classes, which few data have.
 * @param {Style[]} styles of all classes @param {number} place of the run
 */
export const styleOf = (styles, place) => styles[styles.length - 1 - place];

export class Comparison {
  /** The planes of the others, by their recipes. @type {Map<import("../run/recipes.js").Recipe, CompanionPlane>} */
  planes = new Map();
  /** In which they were drawn last. @type {import("../plane/plane.js").Theme | undefined} */
  theme;

  /**
   * @param {HTMLElement} root the stage
   * @param {import("../stage-state.js").StageStore} store
   * @param {object} on
   * @param {() => import("../plane/plane.js").Theme} on.theme
   * @param {(text: string) => void} on.announce to screen readers
   * @param {import("../run/phrases.js").Phrases} phrases
   * @param {Style[]} styles of all classes
   * @param {AbortSignal} signal
   */
  constructor(root, store, on, phrases, styles, signal) {
    this.root = root;
    this.store = store;
    this.on = on;
    this.phrases = phrases;
    this.styles = styles;
    this.area = one(root, ".nnviz-planes", HTMLElement);
    this.active = one(root, ".nnviz-plane", HTMLElement);
    this.legend = one(root, ".nnviz-classes", HTMLElement);
    this.copy = one(root, "[data-do=compare]", HTMLButtonElement);
    this.box = one(root, ".nnviz-presets", HTMLDetailsElement);
    this.head = new RunHead({
      name: (name) => store.dispatch({ type: "name", place: placeOf(this.runs), name }),
      dismiss: () => this.dismiss(placeOf(this.runs)),
    });
    this.active.prepend(this.head.element);
    bindBox(this.box, signal);
    this.box.addEventListener("toggle", () => this.box.open && this.offer(), { signal });
    bindSizes([this.area], () => this.fit(), signal);
    signal.addEventListener("abort", store.subscribe((state, before) => this.follow(state, before)));
  }

  get state() {
    return this.store.state;
  }

  get runs() {
    return this.state.look.beside;
  }

  /** Presets to choose from. */
  offer() {
    const { run } = this.state;
    if (!run.recipe) return;
    const recipe = wholeRecipe(run);
    one(this.box, "div", HTMLElement).replaceChildren(...presetsFor(recipe, this.phrases).map((preset) => button(preset.label, () => {
      this.box.open = false;
      this.store.dispatch({ type: "compare", runs: runsOf(preset, recipe, this.phrases) });
      this.announce();
    })));
  }

  /** @param {number} place */
  activate(place) {
    this.store.dispatch({ type: "activate", place });
    this.on.announce(`${titleOf(this.runs, place)} is the active run.`);
  }

  /** @param {number} place */
  dismiss(place) {
    this.store.dispatch({ type: "dismiss", place });
    this.copy.focus();
    this.announce();
  }

  announce() {
    const { length } = this.runs;
    this.on.announce(length ? `${length} runs side by side.` : "One run.");
  }

  // --- what has changed --------------------------------------------------------------------

  /** @param {StageState} state @param {StageState} before */
  follow(state, before) {
    const isOther = state.look.beside !== before.look.beside;
    if (isOther) this.arrange(before);
    if (isOther || state.run.recipe !== before.run.recipe || state.run.edits !== before.run.edits) this.name();
    if (state.beside !== before.beside && !isOther) this.draw(); // their points have come, or others
    if (state.scene !== before.scene || state.beside !== before.beside || state.look !== before.look) this.explain();
  }

  /** As many planes as there are runs, in their order. @param {StageState} before */
  arrange(before) {
    const { runs, area } = this;
    const recipes = othersOf(runs);
    for (const [recipe, plane] of this.planes) if (!recipes.includes(recipe)) this.forget(recipe, plane);
    for (const recipe of recipes) if (!this.planes.has(recipe)) this.planes.set(recipe, this.made(recipe));
    this.keepPicture(before);
    const elements = runs.map(({ recipe }) => (recipe && this.planes.get(recipe)?.element) ?? this.active);
    if (elements.length && !elements.every((element, i) => element === area.children[i])) {
      const place = placeOf(runs);
      this.active.before(...elements.slice(0, place)); // which stays where it is, with its focus
      this.active.after(...elements.slice(place + 1));
    }
    this.root.toggleAttribute("data-compared", runs.length > 0);
    this.copy.setAttribute("aria-disabled", String(runs.length >= MOST));
    this.fit();
  }

  /** The run that was the active one is shown as it was, until another picture of it comes. @param {StageState} before */
  keepPicture({ run, frame, look }) {
    const recipe = this.runs[placeOf(look.beside)]?.recipe;
    const isOther = run.starts !== this.state.run.starts && this.runs.length === look.beside.length;
    const plane = isOther && recipe ? this.planes.get(recipe) : undefined;
    if (plane && frame && !plane.frame) plane.frame = /** @type {import("./replies.js").RunFrame} */ ({ header: frame, arrays: /** @type {unknown} */ (frame) });
  }

  /** @param {import("../run/recipes.js").Recipe} recipe */
  made(recipe) {
    const place = () => this.runs.findIndex((run) => run.recipe === recipe);
    return new CompanionPlane({
      name: (name) => this.store.dispatch({ type: "name", place: place(), name }),
      dismiss: () => this.dismiss(place()),
      activate: () => this.activate(place()),
    });
  }

  /** @param {import("../run/recipes.js").Recipe} recipe @param {CompanionPlane} plane */
  forget(recipe, plane) {
    plane.remove();
    this.planes.delete(recipe);
  }

  /** Marks, names, and what differs. */
  name() {
    const { runs, styles } = this;
    if (!runs.length) return;
    const differences = contrasts(runsShown(this.state), this.phrases);
    runs.forEach(({ recipe, name = "" }, i) => {
      const title = { title: titleOf(runs, i), name, differs: differences[i], mark: symbolMark(styleOf(styles, i)) };
      if (recipe) this.planes.get(recipe)?.name(title);
      else this.head.show(title);
    });
  }

  /** Which mark is which class. */
  explain() {
    const { runs, state: { scene, beside, look } } = this;
    const others = beside.map((seen) => seen.scene);
    const classes = runs.flatMap(({ recipe }, i) => {
      const shown = recipe ? others.shift() : scene;
      const hasTest = look.points !== "train" && Boolean(shown?.test.labels.length);
      return shown ? [{ title: titleOf(runs, i), classNames: shown.classNames, hasTest }] : [];
    });
    const light = lightOf(this.theme ?? this.on.theme());
    writeLegend(this.legend, classes, (k, isHollow) => classMark(this.styles[k], isHollow ? light : undefined));
  }

  /** Lay the planes out in the room there is: as large as they can be, and no higher than that. */
  fit() {
    const { area, runs } = this;
    if (runs.length) {
      const most = parseFloat(getComputedStyle(area).maxHeight); // NaN where the page may become longer
      const columns = columnsFor(runs.length, area.clientWidth, most);
      area.style.setProperty("--columns", String(columns));
      area.style.setProperty("--height", `${heightFor(runs.length, columns, area.clientWidth)}px`);
    }
    for (const plane of this.planes.values()) plane.resize();
  }

  // --- pictures ---------------------------------------------------------------------------------

  /** Another theme or look, or other points: the same pictures, drawn anew where that is needed. */
  draw() {
    this.theme = this.on.theme();
    this.explain();
    this.paint(null);
  }

  /** @param {import("../run/replies.js").Frame | null} frame of the active run; null for those painted last */
  paint(frame) {
    if (!this.runs.length) return;
    const { look, views, beside } = this.state;
    this.theme ??= this.on.theme();
    const isOfThese = frame?.beside?.key === keyOf(look.beside);
    const frames = frame && isOfThese ? besideFrames(frame, /** @type {import("../run/replies.js").Arrays} */ (/** @type {unknown} */ (frame))) : [];
    beside.forEach((seen, i) => {
      const plane = this.planes.get(seen.recipe);
      if (this.theme) plane?.paint(seen, frames[i] ?? null, look, views, this.theme, this.styles);
    });
  }

  /**
   * The curves of the others.
   * @param {import("./replies.js").Histories} histories @returns {import("../charts/curves.js").Beside[]}
   */
  histories(histories) {
    return this.others.map(({ recipe, style }) => ({ history: histories.of(recipe), style }));
  }

  /**
   * What all runs make of the point under the cursor, or pinned; those of other classes are left out.
   * @param {import("../run/replies.js").ProbeAnswer} own of the active one
   * @returns {import("../charts/probabilities.js").RunAnswer[]}
   */
  answers(own) {
    const { runs, styles } = this;
    const { besideAnswers, beside, net } = this.state;
    const others = beside.map((seen, i) => (String(seen.net?.classNames) === String(net?.classNames) ? besideAnswers[i] : null));
    return runs.flatMap(({ recipe }, i) => {
      const answer = recipe ? others.shift() : own;
      return answer ? [{ style: styleOf(styles, i), title: titleOf(runs, i), probabilities: answer.probabilities, isActive: !recipe }] : [];
    });
  }

  /** The style of the active run among several; null where it is alone. */
  get ownStyle() {
    return this.runs.length ? styleOf(this.styles, placeOf(this.runs)) : null;
  }

  /** The runs beside the active one, each with the style of its curves. */
  get others() {
    const { runs, styles } = this;
    return runs.flatMap(({ recipe }, i) => (recipe ? [{ recipe, style: styleOf(styles, i) }] : []));
  }

  recolour() {
    this.paint(null);
    for (const plane of this.planes.values()) plane.recolour();
  }

  /** @param {number} epoch of the active run */
  showNumbers(epoch) {
    for (const plane of this.planes.values()) plane.showNumbers(epoch);
  }
}
