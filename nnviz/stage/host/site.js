/** The page of static files: the stage, the form beside it, and Python in a web worker for both. */

import { one } from "../controls/elements.js";
import { Form } from "../controls/form.js";
import { Stage } from "../stage.js";
import { renderDial } from "./dials.js";
import { Animator } from "../transport/animator.js";
import { Engine } from "../transport/engine.js";
import { EngineRun } from "../transport/engine-run.js";
import { KeptSweep } from "../transport/kept-sweep.js";
import { Sweepers, workersFor } from "../transport/sweepers.js";
import { embeddingOf, embeddingParams, markEmbedded, momentOf, talkWithParent } from "./embedding.js";
import { keep, whole } from "./kept.js";
import { OwnData } from "./own-data.js";
import { mounted } from "./mounted.js";
import { Loading } from "./loading.js";
import { packed } from "./packed.js";
import { followsLinks } from "./page-links.js";
import { forgetKept, keepForOffline } from "./offline.js";
import { LookInside } from "./look-inside.js";

/**
 * @typedef {object} First what is known of the default run before Python is there
 * @property {import("../run/recipes.js").Recipe} recipe
 * @property {string} reply the bytes that open it, in base 64
 * @property {import("../controls/form.js").FormGroup[]} groups of its form
 */

/**
 * @typedef {object} Shown what the page is to show, see `nnviz/site/engine/page.py`
 * @property {import("./page-messages.js").PageMessage} message for the stage
 * @property {{[name: string]: string}} params of the address
 * @property {import("./kept.js").Texts} kept for a reload, as the address has no room for it
 * @property {import("../controls/form.js").FormGroup[]} groups
 * @property {import("./look-inside.js").OpenPanel | null} panel below the stage
 * @property {import("./own-data.js").OwnDataStep | null} step between a file and its run
 * @property {{name: string, mime: string, text: string} | null} download a file that was asked for
 * @property {string} changes during the run, a sentence
 * @property {string[]} problems of a link or a file
 * @property {number} number of the message that this answers
 */

/** @typedef {import("./main.js").Given & {site: {python: string, sizes: {[name: string]: number}, first: First, mostBytes: number, noVideo: string, panels: import("./look-inside.js").Choices}}} SiteGiven */

/** @typedef {import("../controls/dial.js").DialWidget} DialWidget */

/** @param {string} script address of the one that starts the page @param {SiteGiven} given */
export function start(script, given) {
  one(document, "#site-missing", HTMLElement).remove();
  new SitePage(new URL(".", script).href, given);
}

const VIDEOS = ["mp4", "webm"]; // made by a program that no browser has

class SitePage {
  #number = 0; // of the last message to Python
  #isFromAddress = false; // whether that was about the address, which then gets no entry of its own in the history
  /** @type {object[]} messages that wait for Python */
  #waiting = [];

  /** @param {string} files address of the folder @param {SiteGiven} given */
  constructor(files, given) {
    const { python, sizes, first } = given.site;
    const isPlain = !Object.keys(momentOf(location.search)).length;
    this.embedding = embeddingOf(location.search);
    markEmbedded(location.search);
    this.addresses = { worker: `${files}worker.js`, engine: `${files}engine.tar.gz`, python: new URL(`./${python}`, document.baseURI).href };
    this.engine = new Engine(this.addresses);
    this.loading = new Loading(this.engine, sizes);
    this.form = new Form(
      one(document, "#site-form", HTMLFormElement),
      (parentElement, widget) => renderDial({ parentElement, data: { widget: /** @type {DialWidget} */ (widget) } }, given),
      (key, value) => this.#send({ changed: { [key]: value } }),
    );
    this.workers = workersFor(navigator.hardwareConcurrency);
    this.sweepers = new Sweepers(this.addresses, this.workers, (progress) => this.#send({ sweep: progress }), new KeptSweep(files));
    followsLinks(document);
    this.panels = new LookInside(one(document, "#site-panels", HTMLElement), given.site.panels, files, (message) => this.#ask(message));
    const { exports } = given.tables;
    const animations = exports.animations.map((animation) => ({ ...animation, missing: VIDEOS.includes(animation.name) ? given.site.noVideo.replace("{label}", animation.label) : null }));
    this.data = { ...given.tables, exports: { ...exports, animations, opens: false }, base: "", files: files.replace(/\/$/, "") };
    this.stage = this.#mount(given, isPlain ? first : null);
    this.engine.listen({ onReady: () => this.#visit(), onPage: (text) => this.#show(JSON.parse(text)), onLost: () => this.#lose() });
    window.addEventListener("popstate", () => this.#send({ params: whole(momentOf(location.search)) }));
    const ownData = { mostBytes: given.site.mostBytes, files: this.data.files };
    this.ownData = new OwnData(one(document, "#site-data", HTMLElement), ownData, (message) => this.#send(message), () => this.stage.dispatch({ type: "blank" }));
    bindToggle(this.embedding);
    followScheme(() => this.#send({ sweep: { theme: scheme() } }));
    if (isPlain) {
      this.#showForm(first.groups);
      this.stage.dispatch({ type: "begin", recipe: first.recipe });
    }
    const stop = this.engine.listen({
      onReady: () => {
        stop();
        keepForOffline((sentence) => this.stage.showMessage(sentence, "note"));
        talkWithParent(() => this.stage.moment(), (query) => this.#send({ params: momentOf(query) }));
      },
    });
    this.engine.start();
  }

  /** @param {SiteGiven} given @param {First | null} first */
  #mount({ markup, styles, dataStyles }, first) {
    const place = one(document, "#site-stage", HTMLElement);
    place.insertAdjacentHTML("beforeend", `<style>${styles}${dataStyles}</style>${markup}`);
    const opening = first && { recipe: first.recipe, reply: bytesOf(first.reply) };
    const animator = new Animator({ ...this.addresses, plotly: `${this.data.files}/plotly.js` });
    const stage = new Stage(one(place, ".nnviz", HTMLElement), this.data, (on) => new EngineRun(this.engine, opening, on), animator);
    mounted.dispatch(stage.store);
    return stage;
  }

  /** Python is there, perhaps again: it opens the page of the address, and hears what was done meanwhile. */
  #visit() {
    const waiting = this.#waiting.splice(0);
    const page = location.origin + location.pathname;
    this.#send({ visit: whole(momentOf(location.search)), browser: { page, workers: this.workers, theme: scheme() } });
    this.sweepers.repeat();
    if (this.panels.name) this.#send({ panel: this.panels.name });
    for (const message of waiting) this.#send(message);
  }

  /** Python did not start: where it came from the cache, that may be at fault. */
  #lose() {
    if (!this.#number) forgetKept();
  }

  /** A message of the panels, to Python or about the workers of a sweep. @param {object} message */
  #ask(message) {
    if ("sweepers" in message) this.sweepers.take(/** @type {import("../transport/sweepers.js").Command} */ (message.sweepers));
    else if ("results" in message && message.results === "html") this.#askForReport(message);
    else this.#send(message);
  }

  /** A report draws its figures itself. @param {object} message */
  async #askForReport(message) {
    try {
      this.#send({ ...message, plotly: await packed(`${this.data.files}/plotly.js`) });
    } catch {
      this.stage.showMessage("Plotly’s script, which is a part of the report, cannot be loaded: there is no network, or the host of this page does not have it.", "note");
    }
  }

  /** @param {object} message see `Page.handle` in `nnviz/site/engine/page.py` */
  #send(message) {
    if (!this.engine.isReady) return void this.#waiting.push(message);
    this.#number += 1;
    this.#isFromAddress = "visit" in message || "params" in message;
    this.engine.send({ ...message, number: this.#number });
  }

  /** @param {Shown} shown */
  #show({ message, params, kept, groups, panel, download, step, changes, problems, number }) {
    keep(kept);
    if (download) saveAs(download);
    const setStateValue = (/** @type {string} */ _, /** @type {unknown} */ report) => this.#send({ report });
    this.stage.update({ data: { ...this.data, ...message }, setStateValue });
    if (number !== this.#number) return; // a later answer comes, with what was changed since
    this.#showForm(groups);
    this.panels.show(panel);
    this.ownData.show(step);
    one(document, "#site-changes", HTMLElement).textContent = changes;
    one(document, "#site-problems", HTMLElement).replaceChildren(...problems.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    if (JSON.stringify(params) === JSON.stringify(momentOf(location.search))) return;
    const address = queryOf({ ...params, ...embeddingParams(location.search) });
    if (this.#isFromAddress || this.embedding.isEmbedded) history.replaceState(null, "", address); // Back is the page's around
    else history.pushState(null, "", address);
  }

  /** @param {import("../controls/form.js").FormGroup[]} groups */
  #showForm(groups) {
    const { isEmbedded, controls } = this.embedding;
    const widgets = groups.flatMap((group) => group.widgets).filter(({ field }) => controls.includes(field));
    this.form.show(isEmbedded ? [{ title: "", unfolded: true, widgets }] : groups);
  }
}

/** Have the browser save a file. @param {{name: string, mime: string, text: string}} file */
function saveAs({ name, mime, text }) {
  const link = Object.assign(document.createElement("a"), { download: name });
  link.href = URL.createObjectURL(new Blob([text], { type: mime }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A query in which commas and colons stay as they are. @param {{[name: string]: string}} params */
function queryOf(params) {
  const parts = Object.entries(params).map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`);
  return parts.length ? `?${parts.join("&")}` : location.pathname;
}

/** @param {string} text in base 64 */
const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;

/** The button that shows and hides the form; a small screen begins without it. @param {ReturnType<typeof embeddingOf>} embedding */
function bindToggle({ isEmbedded, controls }) {
  const button = one(document, "#site-toggle", HTMLButtonElement);
  const show = (/** @type {boolean} */ isShown) => {
    button.setAttribute("aria-expanded", String(isShown));
    one(document, "#site-sidebar", HTMLElement).hidden = !isShown;
  };
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  show(isEmbedded ? controls.length > 0 : !matchMedia("(max-width: 768px), (max-height: 539px)").matches);
}

const DARK = matchMedia("(prefers-color-scheme: dark)");

const scheme = () => (DARK.matches ? "dark" : "light");

/** A class of the page changes with the scheme of colours, which the stage watches. @param {() => void} changed */
function followScheme(changed) {
  const mark = () => document.documentElement.classList.toggle("dark", DARK.matches);
  DARK.addEventListener("change", mark);
  DARK.addEventListener("change", changed);
  mark();
}
