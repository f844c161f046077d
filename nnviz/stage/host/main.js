/** The entry for Streamlit: a stage for each mounted component, and its dials. */

import { one } from "../controls/elements.js";
import { Stage } from "../stage.js";
import { base } from "./addresses.js";
import { disposeAxes, renderAxes } from "./axes.js";
import { disposeData, renderData } from "./data.js";
import { disposeDial, renderDial } from "./dials.js";
import { connectEarly, PageSocket } from "./early-socket.js";
import { embeddingOf, markEmbedded, replaceMoment, talkWithParent } from "./embedding.js";
import { mounted } from "./mounted.js";
import { noteFiles } from "./newer.js";
import { followsLinks } from "./page-links.js";
import { closeWhileShort } from "./sidebar.js";
import { pageStyle } from "./theme.js";

export { disposeAxes, disposeData, disposeDial, renderAxes, renderData, renderDial };

/** @typedef {import("../stage.js").Paths} Paths */

/**
 * @typedef {object} Component as Streamlit hands it over
 * @property {HTMLElement} parentElement
 * @property {import("./page-messages.js").PageMessage & {files: string}} data the path of the stage's files is that below the page's
 * @property {import("./reports.js").SetStateValue} setStateValue
 */

/**
 * @typedef {object} Given what comes with this module, see `nnviz/stage/files.py`
 * @property {string} markup
 * @property {string} styles
 * @property {string} dialStyles
 * @property {string} dataStyles
 * @property {import("../stage.js").StageTables} tables
 */

/** One stage per mounted component; it survives Streamlit's reruns. @type {WeakMap<Element, Stage>} */
const stages = new WeakMap();

/** The place of the stage in Streamlit's page, which is there before the component is mounted in it. */
const PLACE = ".st-key-stage";
/** A stage in that place that has yet to be mounted. @type {{host: HTMLElement, stage: Stage} | undefined} */
let early;

/**
 * Called while the page loads: opens the run of its link, and shows it as soon as there is a place for
 * it. Streamlit mounts the component some time after that, when it has drawn the sidebar.
 * @param {Paths} paths @param {string} query of the link @param {Given} given
 */
export function begin(paths, query, given) {
  markEmbedded(query);
  if (!embeddingOf(query).isEmbedded) closeWhileShort();
  const opened = connectEarly(new URL(`${paths.base}/live`, location.origin), query);
  if (!isAtStart(query, given.tables.look)) return;
  const observer = new MutationObserver(async () => {
    const place = document.querySelector(PLACE);
    if (!place) return;
    observer.disconnect();
    const reply = await opened;
    if (reply?.header.type !== "opened" || !place.isConnected || mounted.state) return;
    const host = document.createElement("div");
    host.style.cssText = pageStyle(one(document, ".stApp", HTMLElement), given.tables.accents);
    place.append(host);
    early = { host, stage: mount(host, { ...given.tables, ...paths }, given) };
    early.stage.dispatch({ type: "begin", recipe: reply.header.recipe });
  });
  observer.observe(document, { childList: true, subtree: true });
}

/** Whether a link shows its run at the start, with the default look. @param {string} query @param {import("../look.js").Look} look */
const isAtStart = (query, look) => ![...new URLSearchParams(query).keys()].some((name) => name === "epoch" || name in look);

/** Called when the component is mounted and after every rerun. @param {Component} component @param {Given} given */
export function render({ parentElement, data, setStateValue }, given) {
  const all = { ...given.tables, ...data, base: base(), files: `${base()}/${data.files}` };
  const stage = stages.get(parentElement) ?? moved(parentElement) ?? mount(parentElement, all, given);
  stage.update({ data: all, setStateValue });
  noteFiles(data.files, () => stage.moment());
}

/** The early stage, in its component. @param {HTMLElement} parentElement */
function moved(parentElement) {
  if (!early) return undefined;
  const { host, stage } = early;
  early = undefined;
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  parentElement.append(...host.childNodes);
  host.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true }); // lost by moving
  stages.set(parentElement, stage);
  stage.followTheme();
  return stage;
}

/** @param {HTMLElement} parentElement @param {import("../stage.js").StageData} data @param {Given} given */
function mount(parentElement, data, { markup, styles }) {
  parentElement.insertAdjacentHTML("beforeend", `<style>${styles}</style>${markup}`);
  const stage = new Stage(one(parentElement, ".nnviz", HTMLElement), data, (on) => new PageSocket(liveUrl(data.base), on));
  stages.set(parentElement, stage);
  mounted.dispatch(stage.store);
  followsLinks(document);
  talkWithParent(() => stage.moment(), replaceMoment);
  return stage;
}

/** @param {string} base path of the server */
function liveUrl(base) {
  const url = new URL(`${base}/live`, location.origin);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

/** Called by Streamlit when the component is removed. @param {Pick<Component, "parentElement">} component */
export function dispose({ parentElement }) {
  const stage = stages.get(parentElement);
  stage?.close();
  if (stage?.store === mounted.state) mounted.dispatch(null);
  stages.delete(parentElement);
  parentElement.replaceChildren();
}
