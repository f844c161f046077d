/** Where Streamlit comes in: a stage for each mounted component. */

import { Stage } from "../stage.js";

/** One stage a mounted component; it survives Streamlit's reruns. @type {WeakMap<Element, Stage>} */
const stages = new WeakMap();

/** Called when the component is mounted and after every rerun. */
export function render(component) {
  const root = component.parentElement.querySelector(".nnviz");
  if (!stages.has(root)) stages.set(root, new Stage(root, component.data));
  stages.get(root).update(component);
}

/** Called by Streamlit when the component goes. */
export function dispose({ parentElement }) {
  const root = parentElement.querySelector(".nnviz");
  stages.get(root)?.close();
  stages.delete(root);
}
