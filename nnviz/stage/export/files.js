/** Files that leave the page: saved to disk, or put on the clipboard. */

const KEPT = 60_000; // ms in which a browser must have begun the download

/** Why the page cannot copy. */
const REFUSED = "The browser does not let this page copy. Allow the clipboard for this site, or download the file.";
const INSECURE = "Browsers let pages copy pictures on https and on localhost only. Download the file.";

/** @param {Blob} blob @param {string} name of the file */
export function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}

/** @param {string} text */
export async function copyText(text) {
  if (!navigator.clipboard) return copySelected(text);
  await navigator.clipboard.writeText(text).catch(() => {
    throw new Error(REFUSED);
  });
}

/** @param {Promise<Blob>} picture a PNG, which may still be in the making */
export async function copyPicture(picture) {
  if (!navigator.clipboard?.write) throw new Error(INSECURE);
  // passed as a promise: browsers let a page copy only right after a click
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]).catch(async () => {
    await picture; // if it could not be made, that is the error
    throw new Error(REFUSED);
  });
}

/** A file that the server has made. @param {Uint8Array} bytes @param {string} type */
export const blobOfBytes = (bytes, type) => new Blob([/** @type {BlobPart} */ (bytes)], { type });

/** @param {string} url a data URL, as Plotly returns them @returns {Blob} */
export function blobOfUrl(url) {
  const comma = url.indexOf(",");
  const [head, body] = [url.slice(5, comma), url.slice(comma + 1)]; // after "data:"
  const type = head.split(";")[0];
  if (!head.endsWith(";base64")) return new Blob([decodeURIComponent(body)], { type });
  return new Blob([Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0))], { type });
}

/** Copy as a page can that came over plain http. @param {string} text */
function copySelected(text) {
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  const before = /** @type {HTMLElement} */ (document.activeElement);
  (before.closest("dialog") ?? document.body).append(area); // nothing outside a dialog can be selected
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before.focus();
  if (!copied) throw new Error(REFUSED);
}
