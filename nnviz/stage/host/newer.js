/** Says on the page that its server has been replaced by one with a newer nnviz, and offers to load that. */

import { replaceMoment } from "./embedding.js";

const ID = "nnviz-newer";
const SENTENCE = "This server has another version of nnviz by now. This page goes on, but parts that it has yet to load are gone.";
const RELOAD = "Reload at this moment";

/** The path of the files that this page has loaded. @type {string | undefined} */
let loaded;

/**
 * To be called with the path of the server's files.
 * @param {string} files @param {() => Promise<string>} moment the query of a link to what is shown
 */
export function noteFiles(files, moment) {
  loaded ??= files;
  document.getElementById(ID)?.remove(); // the server may be the old one again
  if (files !== loaded) offer(moment);
}

/** @param {() => Promise<string>} moment */
function offer(moment) {
  const notice = document.createElement("div");
  notice.id = ID;
  notice.setAttribute("role", "status");
  notice.textContent = SENTENCE;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = RELOAD;
  button.addEventListener("click", () => void moment().then(replaceMoment, () => location.reload()));
  notice.append(button);
  document.body.append(notice);
}
