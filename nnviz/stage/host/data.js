/** Mounts the field for users' own data in a Streamlit page, and keeps long tables for a reload. */

import { DataField } from "../controls/data-field.js";
import { offered } from "../controls/offered-file.js";

/**
 * @typedef {object} DataComponent as Streamlit hands it over, see `nnviz/ui/own_data.py`
 * @property {HTMLElement} parentElement
 * @property {{mostBytes: number, mostSent: number, kept: Kept | null, wanted: string | null}} data
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** @typedef {{link: string, text: string}} Kept a table, and what a link has in its place */

/** @typedef {{field: DataField, component: DataComponent, asked: string | null, unsubscribe: () => void}} Mounted */

/** @type {WeakMap<Element, Mounted>} */
const fields = new WeakMap();

/** Called when the component is mounted and after every rerun. @param {DataComponent} component @param {{dataStyles: string}} given */
export function renderData(component, { dataStyles }) {
  const { parentElement, data } = component;
  const found = fields.get(parentElement) ?? mount(component, dataStyles);
  found.component = component;
  if (data.kept) keep(data.kept);
  if (data.wanted === found.asked) return;
  found.asked = data.wanted;
  const text = data.wanted && kept(data.wanted);
  if (text) component.setTriggerValue("kept", { link: data.wanted, text });
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
  const field = new DataField(parentElement, data, (upload) => {
    fields.get(parentElement)?.component.setTriggerValue("upload", upload);
  });
  const take = () => {
    const file = offered.state;
    if (!file) return;
    offered.dispatch(null);
    field.read(file, file.name);
  };
  const found = { field, component, asked: null, unsubscribe: offered.subscribe(take) };
  fields.set(parentElement, found);
  take();
  return found;
}

/** Tables of this tab only, each under what a link has in its place. @param {Kept} table */
function keep({ link, text }) {
  try {
    sessionStorage.setItem(link, text);
  } catch {
    // blocked, as in a frame without cookies, or full: a reload then has to open the file again
  }
}

/** @param {string} link @returns {string | null} */
function kept(link) {
  try {
    return sessionStorage.getItem(link);
  } catch {
    return null;
  }
}
