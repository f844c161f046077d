/** A file of data that was dropped on the plot, for the field in the sidebar that reads it. */

import { Store } from "../store.js";

/** @param {File | null} _ @param {File | null} file */
const replaced = (_, file) => file;

/** Its state is the file, until somebody reads it. @type {Store<File | null, File | null>} */
export const offered = new Store(replaced, /** @type {File | null} */ (null));
