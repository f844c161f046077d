/** The run as an animation: the server composes the frames under what the browser has drawn. */

import { bound, mark, nameOf, offer, wholeOf } from "./take-choices.js";
import { save } from "./take-files.js";
import { animate } from "./take-studio.js";

/** Sizes people ask for, in pixels, besides that of the plan; any other can be typed. */
const SIZES = [[800, 600], [1280, 720], [1920, 1080], [720, 720], [1080, 1080]];
const OTHER = "other";

export class AnimationPanel {
  /** @param {HTMLElement} element with a form @param {import("./take-dialog.js").TakeDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.fields = element.querySelector("form").elements;
    const { signal } = dialog.source;
    this.fill(dialog.source.choices());
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.job) dialog.attempt(() => this.make());
    }, { signal });
    this.part("[data-take=cancel]").addEventListener("click", () => this.stop(), { signal });
    this.fields.last.addEventListener("input", () => {
      this.lastIsChosen = true;
    }, { signal });
    this.fields.theme.addEventListener("change", () => {
      this.themeIsChosen = true;
    }, { signal });
    this.fields.size.addEventListener("change", () => this.show(), { signal });
    signal.addEventListener("abort", () => URL.revokeObjectURL(this.shown));
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  fill({ animations, spacings, themes, plan }) {
    const { fields } = this;
    offer(fields.format, animations);
    offer(fields.spacing, spacings);
    offer(fields.size, [...sizesWith(plan), { name: OTHER, label: "other …" }]);
    offer(fields.theme, themes);
    for (const [name, kind] of Object.entries(plan)) {
      if (fields[name].type === "number") bound(fields[name], kind);
      else fields[name].value = kind.default;
    }
    const missing = animations.map((row) => row.missing).filter(Boolean);
    const list = this.part(".nnviz-take-missing");
    list.replaceChildren(...missing.map((textContent) => Object.assign(document.createElement("li"), { textContent })));
    list.hidden = !missing.length; // a list of nothing is read out too
  }

  /** Another moment: up to the last epoch known, unless people have said otherwise. */
  renew() {
    const { last, theme } = this.fields;
    if (!this.lastIsChosen) last.value = this.dialog.source.moment().last;
    if (!this.themeIsChosen) theme.value = this.dialog.source.theme();
  }

  show() {
    this.part("[data-take=sides]").hidden = this.fields.size.value !== OTHER;
  }

  /** Make it, show it, save it. */
  async make() {
    const plan = this.plan();
    this.job = new AbortController();
    const { signal } = this.job;
    this.toggle(true);
    try {
      this.progress("Drawing what does not move", 0, 1);
      const layer = plan.format === "html" ? {} : { layer: await this.layer(plan) };
      if (signal.aborted) throw signal.reason;
      this.progress(`Training to epoch ${plan.last}`, 0, plan.count);
      const { source } = this.dialog;
      const { recipe } = source.moment();
      const { name, file } = await animate(source.base, { recipe, ...plan, ...layer }, {
        signal,
        onWaiting: (before) => this.progress(`Waiting: ${before} before this one`, 0, plan.count),
        onFrame: (done, of) => done && this.progress(`Frame ${done} of ${of}`, done, of),
      });
      this.preview(file);
      save(file, name);
      this.dialog.say(`Saved ${name}, ${sizeOf(file)}.`);
    } catch (error) {
      if (signal.aborted) return this.dialog.say("Cancelled.");
      throw new Error(this.inTheirWords(error.message));
    } finally {
      this.job = undefined;
      this.toggle(false);
    }
  }

  plan() {
    const { format, first, last, count, spacing, fps, size, width, height, theme, captioned } = this.fields;
    for (const input of this.fields) mark(input, false);
    return {
      format: format.value,
      first: wholeOf(first),
      last: wholeOf(last),
      count: wholeOf(count),
      spacing: spacing.value,
      fps: wholeOf(fps),
      size: size.value === OTHER ? [wholeOf(width), wholeOf(height)] : size.value.split("x").map(Number),
      theme: theme.value,
      caption: captioned.checked,
      ...this.dialog.sight,
    };
  }

  /** What the server says of a field, with the name the field has here. */
  inTheirWords(problem) {
    const [name] = problem.split(" ");
    const input = this.fields[name];
    if (!input) return problem;
    mark(input, true);
    const label = nameOf(input);
    return problem.startsWith(label) ? problem : label + problem.slice(name.length);
  }

  /** All that does not move, as a PNG. */
  async layer({ theme, size, caption }) {
    const { file } = await this.dialog.source.take({ what: "layer", ...this.dialog.sight, theme, size, caption });
    const figure = JSON.parse(new TextDecoder().decode(file));
    const plotly = await this.dialog.plotly();
    return plotly.toImage(figure, { format: "png", width: size[0], height: size[1], scale: 1 });
  }

  toggle(isWorking) {
    this.part("[type=submit]").setAttribute("aria-disabled", String(isWorking));
    this.part("[data-take=cancel]").hidden = !isWorking;
    this.part(".nnviz-take-progress").hidden = !isWorking;
    if (!isWorking && document.activeElement === document.body) this.part("[type=submit]").focus(); // cancel went
  }

  progress(words, done, of) {
    Object.assign(this.part("progress"), { value: done, max: of });
    this.part(".nnviz-take-progress span").textContent = words;
  }

  /** @param {Blob} file */
  preview(file) {
    URL.revokeObjectURL(this.shown);
    this.shown = URL.createObjectURL(file);
    this.part(".nnviz-take-preview").replaceChildren(viewOf(file.type, this.shown));
  }

  get isWorking() {
    return Boolean(this.job);
  }

  /** Stop what is being made. */
  stop() {
    this.job?.abort();
  }
}

/** Rows of sizes, that of the plan before the others. */
function sizesWith({ width, height }) {
  const nameFor = (sides) => sides.join("x");
  const own = [width.default, height.default];
  return [own, ...SIZES.filter((sides) => nameFor(sides) !== nameFor(own))].map((sides) => ({
    name: nameFor(sides), label: `${sides.join(" × ")}${sides[0] === sides[1] ? " (square)" : ""}`,
  }));
}

function viewOf(type, url) {
  if (type.startsWith("image/")) return Object.assign(new Image(), { src: url, alt: "The animation" });
  if (type.startsWith("video/")) {
    const video = Object.assign(document.createElement("video"), { src: url, controls: true, loop: true, muted: true, autoplay: true });
    video.setAttribute("aria-label", "The animation");
    return video;
  }
  const words = document.createElement("p");
  words.append(Object.assign(document.createElement("a"), { href: url, target: "_blank", textContent: "Look at it in a new tab" }));
  return words;
}

const sizeOf = ({ size }) => (size < 1e6 ? `${Math.ceil(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`);
