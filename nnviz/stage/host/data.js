/** Mounts the field for users' own data in a Streamlit page, and keeps what no link holds for a reload. */

import { DataField } from "../controls/data-field.js";
import { offered } from "../controls/offered-file.js";
import { keep, kept } from "./kept.js";
import { mounted } from "./mounted.js";
import { Outbox } from "./outbox.js";

/**
 * @typedef {object} DataComponent as Streamlit hands it over, see `nnviz/ui/own_data.py`
 * @property {HTMLElement} parentElement
 * @property {{mostBytes: number, mostSent: number, kept: import("./kept.js").Texts, wanted: string[], taken: import("./outbox.js").Taken}} data
 * @property {import("./outbox.js").Send} setTriggerValue
 */

/** @typedef {{field: DataField, component: DataComponent, asked: string, unsubscribe: () => void}} Mounted */

const WHERE = "They are sent to this server, which keeps them in memory while the page is open and writes nothing to disk.";

const outbox = new Outbox(); // of the page, which has one field

/** @type {WeakMap<Element, Mounted>} */
const fields = new WeakMap();

/** Called when the component is mounted and after every rerun. @param {DataComponent} component @param {{dataStyles: string}} given */
export function renderData(component, { dataStyles }) {
  const { parentElement, data } = component;
  const found = fields.get(parentElement) ?? mount(component, dataStyles);
  found.component = component;
  outbox.update(data.taken, component.setTriggerValue);
  keep(data.kept);
  const asked = data.wanted.join();
  if (asked === found.asked) return;
  found.asked = asked;
  const texts = kept(data.wanted);
  if (Object.keys(texts).length) outbox.send("kept", texts, component.setTriggerValue);
}

/** Called by Streamlit when the component is removed. @param {{parentElement: HTMLElement}} component */
export function disposeData({ parentElement }) {
  fields.get(parentElement)?.unsubscribe();
  fields.delete(parentElement);
  parentElement.replaceChildren();
}

/** @param {DataComponent} component @param {string} dataStyles @returns {Mounted} */
function mount(component, dataStyles) {
  const { parentElement, data } = component;
  parentElement.insertAdjacentHTML("beforeend", `<style>${dataStyles}</style>`);
  const field = new DataField(parentElement, data, WHERE, (upload) => {
    const component = fields.get(parentElement)?.component;
    if (component) outbox.send("upload", upload, component.setTriggerValue);
  }, () => mounted.state?.dispatch({ type: "blank" }));
  const take = () => {
    const file = offered.state;
    if (!file) return;
    offered.dispatch(null);
    field.read(file, file.name);
  };
  const found = { field, component, asked: "", unsubscribe: offered.subscribe(take) };
  fields.set(parentElement, found);
  take();
  return found;
}
