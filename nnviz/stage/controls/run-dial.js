/** Connects a dial with the run: it shows the setting in force, and changes it at the epoch shown. */

import { settings } from "../run/run-state.js";

/** @typedef {import("../stage-state.js").StageStore} StageStore */
/** @typedef {import("./dial.js").Dial} Dial */
/** @typedef {import("./dial.js").DialValue} DialValue */

const REST = 250; // ms until a value at which the hand rests counts

/**
 * While the run plays, a value that is dragged counts when the hand rests or lets go: else each
 * epoch on the way would get an edit.
 * @param {Dial} dial @param {StageStore} store @returns {() => void} disconnects it
 */
export function connectDial(dial, store) {
  const { field } = dial.widget;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const show = () => {
    if (waiting) return; // the hand has another value
    const { run } = store.state;
    dial.enable(run.recipe !== null);
    const value = run.recipe && /** @type {DialValue | undefined} */ (settings(run)[field]);
    if (value !== undefined && value !== dial.value && run.recipe) dial.show(value);
  };
  dial.changed = (value, isMoving) => {
    const apply = () => {
      waiting = undefined;
      store.dispatch({ type: "setting", field, value });
    };
    clearTimeout(waiting);
    if (isMoving && store.state.run.playing) waiting = setTimeout(apply, REST);
    else apply();
  };
  show();
  const unsubscribe = store.subscribe(({ run }, before) => {
    if (run.recipe !== before.run.recipe || run.edits !== before.run.edits) show();
  });
  return () => {
    clearTimeout(waiting);
    unsubscribe();
  };
}
