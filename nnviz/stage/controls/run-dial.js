/** Connects a dial with the run: it shows the setting in force, and changes it at the epoch shown. */

import { settings } from "../run/run-state.js";

/** @typedef {import("../stage-state.js").StageStore} StageStore */
/** @typedef {import("./dial.js").Dial} Dial */
/** @typedef {import("./dial.js").DialValue} DialValue */

/** @param {Dial} dial @param {StageStore} store @returns {() => void} disconnects it */
export function connectDial(dial, store) {
  const { field } = dial.widget;
  const show = () => {
    const { run } = store.state;
    dial.enable(run.recipe !== null);
    const value = run.recipe && /** @type {DialValue | undefined} */ (settings(run)[field]);
    if (value !== undefined && value !== dial.value && run.recipe) dial.show(value);
  };
  dial.changed = (value) => store.dispatch({ type: "setting", field, value });
  show();
  return store.subscribe(({ run }, before) => {
    if (run.recipe !== before.run.recipe || run.edits !== before.run.edits) show();
  });
}
