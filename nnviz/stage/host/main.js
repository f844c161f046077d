/** Where Streamlit comes in: a stage for each mounted component, and its dials. */

import { one } from "../controls/elements.js";
import { Stage } from "../stage.js";
import { disposeData, renderData } from "./data.js";
import { disposeDial, renderDial } from "./dials.js";
import { connectEarly } from "./early-socket.js";
import { mounted } from "./mounted.js";

export { connectEarly, disposeData, disposeDial, renderData, renderDial };

/**
 * @typedef {object} Component as Streamlit hands it over
 * @property {HTMLElement} parentElement
 * @property {import("./page-messages.js").PageMessage & import("../stage.js").Paths} data
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

/** Called when the component is mounted and after every rerun. @param {Component} component @param {Given} given */
export function render({ parentElement, data, setStateValue }, { markup, styles, tables }) {
  const all = { ...tables, ...data };
  let stage = stages.get(parentElement);
  if (!stage) {
    parentElement.insertAdjacentHTML("beforeend", `<style>${styles}</style>${markup}`);
    stage = new Stage(one(parentElement, ".nnviz", HTMLElement), all);
    stages.set(parentElement, stage);
    mounted.dispatch(stage.store);
  }
  stage.update({ data: all, setStateValue });
}

/** Called by Streamlit when the component is removed. @param {Component} component */
export function dispose({ parentElement }) {
  const stage = stages.get(parentElement);
  stage?.close();
  if (stage?.store === mounted.state) mounted.dispatch(null);
  stages.delete(parentElement);
  parentElement.replaceChildren();
}
