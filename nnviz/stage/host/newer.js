/** Says on the page that its server has another version of nnviz by now, and offers to load that. */

import { button } from "../controls/elements.js";
import { replaceMoment } from "./embedding.js";

const ID = "nnviz-newer";
const SENTENCE = "nnviz has been updated on this server.";

/** The path of the files that this page has loaded. @type {string | undefined} */
let loaded;
/** Those of which it has been said. @type {string | undefined} */
let noted;

/**
 * To be called with the path of the server's files, after every run of the page's script.
 * @param {string} files @param {() => Promise<string>} moment the query of a link to what is shown
 */
export function noteFiles(files, moment) {
  loaded ??= files;
  noted ??= files;
  if (files === noted) return;
  noted = files;
  close();
  if (files !== loaded) offer(moment); // else it is the old server again
}

const close = () => document.getElementById(ID)?.remove();

/** @param {() => Promise<string>} moment */
function offer(moment) {
  const notice = document.createElement("div");
  notice.id = ID;
  notice.setAttribute("role", "status");
  notice.textContent = SENTENCE;
  notice.append(
    button("Reload at this moment", () => void moment().then(replaceMoment, () => location.reload())),
    button("Later", close),
  );
  document.body.append(notice);
}
