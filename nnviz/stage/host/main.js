/** Where Streamlit comes in: a stage for each mounted component. */

import { one } from "../controls/elements.js";
import { Stage } from "../stage.js";

/**
 * @typedef {object} Component as Streamlit hands it over
 * @property {HTMLElement} parentElement
 * @property {import("../stage.js").StageData} data
 * @property {import("./reports.js").SetStateValue} setStateValue
 */

/** One stage per mounted component; it survives Streamlit's reruns. @type {WeakMap<Element, Stage>} */
const stages = new WeakMap();

/** Called when the component is mounted and after every rerun. @param {Component} component */
export function render(component) {
  const root = rootOf(component);
  const stage = stages.get(root) ?? new Stage(root, component.data);
  stages.set(root, stage);
  stage.update(component);
}

/** Called by Streamlit when the component is removed. @param {Component} component */
export function dispose(component) {
  const root = rootOf(component);
  stages.get(root)?.close();
  stages.delete(root);
}

/** @param {Component} component */
const rootOf = ({ parentElement }) => one(parentElement, ".nnviz", HTMLElement);
