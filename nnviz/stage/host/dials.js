/** Mounts dials in a Streamlit page: a component each, which finds the stage in the same page. */

import { Dial } from "../controls/dial.js";
import { connectDial } from "../controls/run-dial.js";
import { mounted } from "./mounted.js";

/** What ends the dial of each mounted component. @type {WeakMap<Element, AbortController>} */
const controllers = new WeakMap();

/**
 * Called when the component is mounted and after every rerun.
 * @param {{parentElement: HTMLElement, data: {widget: import("../controls/dial.js").DialWidget}}} component
 * @param {{dialStyles: string}} given
 */
export function renderDial({ parentElement, data: { widget } }, { dialStyles }) {
  if (controllers.has(parentElement)) return; // the stage has its value from now on
  const controller = new AbortController();
  controllers.set(parentElement, controller);
  parentElement.insertAdjacentHTML("beforeend", `<style>${dialStyles}</style>`);
  follow(new Dial(parentElement, widget, () => {}), controller.signal);
}

/** Called by Streamlit when the component is removed. @param {{parentElement: HTMLElement}} component */
export function disposeDial({ parentElement }) {
  controllers.get(parentElement)?.abort();
  controllers.delete(parentElement);
  parentElement.replaceChildren();
}

/** Connect the dial with whichever stage is on the page. @param {Dial} dial @param {AbortSignal} signal */
function follow(dial, signal) {
  let disconnect = () => {};
  const connect = () => {
    disconnect();
    const store = mounted.state;
    dial.enable(false);
    disconnect = store ? connectDial(dial, store) : () => {};
  };
  connect();
  const unsubscribe = mounted.subscribe(connect);
  signal.addEventListener("abort", () => {
    unsubscribe();
    disconnect();
  });
}
