/** Streamlit's sidebar in a window of little height, where it would take half of the page: closed at first. */

import { forget, recall, remember } from "./memory.js";
import { roomOf } from "../room.js";

const CHOICE = "stSidebarCollapsed-"; // Streamlit's own name for whether the user has closed it, "true" or "false"
const CLOSED = "nnviz.sidebar"; // that it was closed here

/** @typedef {{choice: string | null, closed: string | null}} Stored by the browser, null where nothing is */

/** Close it while the window is short, unless the user has chosen. */
export function closeWhileShort() {
  const settle = () => {
    const isShort = roomOf(innerWidth, innerHeight) === "short";
    const { choice, closed } = settled(isShort, { choice: recall(CHOICE), closed: recall(CLOSED) });
    keep(CHOICE, choice);
    keep(CLOSED, closed);
  };
  settle();
  addEventListener("resize", settle, { capture: true }); // before Streamlit, which then reads its own
}

/** @param {boolean} isShort @param {Stored} stored @returns {Stored} */
export function settled(isShort, { choice, closed }) {
  if (isShort && choice === null) return { choice: "true", closed: "true" };
  if (isShort || closed === null) return { choice, closed };
  return { choice: choice === "true" ? null : choice, closed: null };
}

/** @param {string} name @param {string | null} text */
const keep = (name, text) => (text === null ? forget(name) : remember(name, text));
