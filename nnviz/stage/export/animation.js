/** The run as an animation: the server makes the frames below a layer that the browser has drawn. */

import { one } from "../controls/elements.js";
import { labelOf, markInvalid, offer, setBounds, wholeNumber } from "./form-fields.js";
import { blobOfUrl, save } from "./files.js";

/**
 * @typedef {object} AnimationFormFields of the form, by their names
 * @property {HTMLSelectElement} format
 * @property {HTMLInputElement} first
 * @property {HTMLInputElement} last
 * @property {HTMLInputElement} count
 * @property {HTMLInputElement} fps
 * @property {HTMLSelectElement} spacing
 * @property {HTMLSelectElement} size
 * @property {HTMLInputElement} width
 * @property {HTMLInputElement} height
 * @property {HTMLSelectElement} theme
 * @property {HTMLInputElement} captioned
 */

/** Common sizes, in pixels, besides that of the plan; any other can be typed. */
const SIZES = [[800, 600], [1280, 720], [1920, 1080], [720, 720], [1080, 1080]];
const OTHER = "other";

export class AnimationPanel {
  isLastChosen = false; // by the user; else the animation ends at the last epoch known
  isThemeChosen = false; // by the user; else it is the theme of the page
  /** Aborts the animation that is being made, if any is. @type {AbortController | undefined} */
  job;
  /** The address of the animation that is shown. */
  url = "";

  /** @param {HTMLElement} element with a form @param {import("./dialog.js").ExportDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.fields = /** @type {HTMLFormControlsCollection & AnimationFormFields} */ (one(element, "form", HTMLFormElement).elements);
    const { signal } = dialog.source;
    this.fill(dialog.source.choices());
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.job) dialog.attempt(() => this.make());
    }, { signal });
    this.part("[data-export=cancel]").addEventListener("click", () => this.stop(), { signal });
    this.fields.last.addEventListener("input", () => {
      this.isLastChosen = true;
    }, { signal });
    this.fields.theme.addEventListener("change", () => {
      this.isThemeChosen = true;
    }, { signal });
    this.fields.size.addEventListener("change", () => this.show(), { signal });
    signal.addEventListener("abort", () => URL.revokeObjectURL(this.url));
  }

  /** @param {string} selector */
  part(selector) {
    return one(this.element, selector, HTMLElement);
  }

  /** Fill the fields. @param {import("./form-fields.js").Choices} choices */
  fill({ animations, spacings, themes, plan }) {
    const { fields } = this;
    offer(fields.format, animations);
    offer(fields.spacing, spacings);
    offer(fields.size, [...sizesWith(plan), { name: OTHER, label: "other …" }]);
    offer(fields.theme, themes);
    const { spacing, ...numbers } = plan;
    fields.spacing.value = spacing.default;
    for (const [name, bounds] of Object.entries(numbers)) {
      setBounds(/** @type {HTMLInputElement} */ (fields.namedItem(name)), bounds);
    }
    const missing = animations.map((row) => row.missing).filter(Boolean);
    const list = this.part(".nnviz-export-missing");
    list.replaceChildren(...missing.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
    list.hidden = !missing.length; // screen readers read an empty list as well
  }

  /** Another moment: up to the last epoch known, unless another one was typed. */
  renew() {
    const { last, theme } = this.fields;
    if (!this.isLastChosen) last.value = String(this.dialog.source.moment().last);
    if (!this.isThemeChosen) theme.value = this.dialog.source.theme();
  }

  show() {
    this.part("[data-export=sides]").hidden = this.fields.size.value !== OTHER;
  }

  /** Make the animation, show it and save it. */
  async make() {
    const plan = this.plan();
    this.job = new AbortController();
    const { signal } = this.job;
    this.showWorking(true);
    try {
      this.showProgress("Drawing axes and points", 0, 1);
      const { moment, studio } = this.dialog.source;
      const { recipe } = moment();
      const layer = plan.format === "html" ? null : await this.layer(recipe, plan, signal);
      if (signal.aborted) throw signal.reason;
      this.showProgress(`Training to epoch ${plan.last}`, 0, plan.count);
      const { name, file } = await studio.animate({ recipe, ...plan }, layer, {
        signal,
        onWaiting: (before) => this.showProgress(`Waiting: ${before} before this one`, 0, plan.count),
        onFrame: (done, of) => done && this.showProgress(`Frame ${done} of ${of}`, done, of),
      });
      this.preview(file);
      save(file, name);
      this.dialog.showMessage(`Saved ${name}, ${sizeOf(file)}.`);
    } catch (error) {
      if (signal.aborted) return this.dialog.showMessage("Cancelled.");
      throw new Error(this.withLabel(error.message));
    } finally {
      this.job = undefined;
      this.showWorking(false);
    }
  }

  /** What is requested, as the form has it. */
  plan() {
    const { format, first, last, count, spacing, fps, size, width, height, theme, captioned } = this.fields;
    for (const input of this.fields) markInvalid(/** @type {HTMLElement} */ (input), false);
    return {
      format: format.value,
      first: wholeNumber(first),
      last: wholeNumber(last),
      count: wholeNumber(count),
      spacing: spacing.value,
      fps: wholeNumber(fps),
      size: size.value === OTHER ? [wholeNumber(width), wholeNumber(height)] : size.value.split("x").map(Number),
      theme: theme.value,
      caption: captioned.checked,
      ...this.dialog.lookFields,
    };
  }

  /**
   * A problem that the server has with a field, with the label that the field has here.
   * @param {string} problem
   */
  withLabel(problem) {
    const [name] = problem.split(" ");
    const input = this.fields.namedItem(name);
    if (!(input instanceof HTMLElement)) return problem;
    markInvalid(input, true);
    const label = labelOf(input);
    return problem.startsWith(label) ? problem : label + problem.slice(name.length);
  }

  /**
   * What is the same in all frames, as a PNG.
   * @param {import("../run/recipes.js").Recipe} recipe @param {{theme: string, size: number[], caption: boolean}} plan
   * @param {AbortSignal} signal
   */
  async layer(recipe, { theme, size, caption }, signal) {
    const fields = { recipe, ...this.dialog.lookFields, theme, size, caption };
    const figure = JSON.parse(await this.dialog.source.studio.layer(fields, { signal }));
    const plotly = await this.dialog.plotly();
    return blobOfUrl(await plotly.toImage(figure, { format: "png", width: size[0], height: size[1], scale: 1 }));
  }

  /** @param {boolean} isWorking */
  showWorking(isWorking) {
    this.part("[type=submit]").setAttribute("aria-disabled", String(isWorking));
    this.part("[data-export=cancel]").hidden = !isWorking;
    this.part(".nnviz-export-progress").hidden = !isWorking;
    if (!isWorking && document.activeElement === document.body) this.part("[type=submit]").focus(); // the focus was on Cancel, which is hidden now
  }

  /** @param {string} text @param {number} done @param {number} of */
  showProgress(text, done, of) {
    Object.assign(this.part("progress"), { value: done, max: of });
    this.part(".nnviz-export-progress span").textContent = text;
  }

  /** @param {Blob} file */
  preview(file) {
    URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(file);
    this.part(".nnviz-export-preview").replaceChildren(...elementsFor(file.type, this.url, this.dialog.source.choices().opens));
  }

  get isWorking() {
    return Boolean(this.job);
  }

  /** Stop making one. */
  stop() {
    this.job?.abort();
  }
}

/** Rows of sizes, that of the plan before the others. @param {import("./form-fields.js").Plan} plan */
function sizesWith({ width, height }) {
  /** @param {number[]} sides */
  const nameFor = (sides) => sides.join("x");
  const own = [width.default, height.default];
  return [own, ...SIZES.filter((sides) => nameFor(sides) !== nameFor(own))].map((sides) => ({
    name: nameFor(sides), label: `${sides.join(" × ")}${sides[0] === sides[1] ? " (square)" : ""}`,
  }));
}

/**
 * What shows the animation, or a link to it where it can be opened.
 * @param {string} type of the file @param {string} url @param {boolean} opens pages
 * @returns {HTMLElement[]}
 */
function elementsFor(type, url, opens) {
  if (type.startsWith("image/")) return [Object.assign(new Image(), { src: url, alt: "The animation" })];
  if (type.startsWith("video/")) {
    const video = Object.assign(document.createElement("video"), { src: url, controls: true, loop: true, muted: true, autoplay: true });
    video.setAttribute("aria-label", "The animation");
    return [video];
  }
  if (!opens) return [];
  const line = document.createElement("p");
  line.append(Object.assign(document.createElement("a"), { href: url, target: "_blank", textContent: "Open it in a new tab" }));
  return [line];
}

/** @param {Blob} file */
const sizeOf = ({ size }) => (size < 1e6 ? `${Math.ceil(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`);
