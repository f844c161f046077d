/** The stage on the page, for controls that are mounted elsewhere on it. */

import { Store } from "../store.js";

/** @typedef {import("../stage-state.js").StageStore} StageStore */

/** @param {StageStore | null} _ @param {StageStore | null} now */
const replaced = (_, now) => now;

/** Its state is the stage's store; null while there is no stage. @type {Store<StageStore | null, StageStore | null>} */
export const mounted = new Store(replaced, /** @type {StageStore | null} */ (null));
