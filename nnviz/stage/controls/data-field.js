/** Where users bring their own data: a file or a paste, read in the browser and sent to the page. */

import { one } from "./elements.js";

/** @typedef {{name: string, content: string}} Upload its bytes, deflated by gzip, as base64 */

/** @param {string} where what is read goes to, a sentence */
const markup = (where) => `<summary>Your data…</summary><div>
  <p>A table with a column of classes and two columns of numbers: a file, or rows copied from a spreadsheet.</p>
  <button type="button" name="choose">Choose a file…</button>
  <input type="file" accept=".csv,.tsv,.txt,.tab,.dat,.xlsx,text/*" aria-label="A file with your data" hidden>
  <label>Or paste rows here<textarea rows="4" spellcheck="false" autocomplete="off"></textarea></label>
  <button type="button" name="read">Read the rows</button>
  <p role="alert"></p>
  <p>${where}</p>
  <p>No table? <button type="button" name="draw">Draw your own</button></p></div>`;

export class DataField {
  /**
   * @param {HTMLElement} parent
   * @param {{mostBytes: number, mostSent: number}} bounds of a file, and of what is sent for it in characters
   * @param {string} where what is read goes to, a sentence
   * @param {(upload: Upload) => void} send
   * @param {() => void} draw start with an empty plane
   */
  constructor(parent, { mostBytes, mostSent }, where, send, draw) {
    this.mostBytes = mostBytes;
    this.mostSent = mostSent;
    this.send = send;
    this.root = document.createElement("details");
    this.root.className = "nnviz-data";
    this.root.innerHTML = markup(where);
    parent.append(this.root);
    this.chooser = one(this.root, "[type=file]", HTMLInputElement);
    this.text = one(this.root, "textarea", HTMLTextAreaElement);
    this.problem = one(this.root, "[role=alert]", HTMLElement);
    one(this.root, "[name=choose]", HTMLButtonElement).addEventListener("click", () => this.chooser.click());
    one(this.root, "[name=read]", HTMLButtonElement).addEventListener("click", () => this.readText());
    one(this.root, "[name=draw]", HTMLButtonElement).addEventListener("click", () => {
      this.close();
      draw();
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.root.open) return;
      event.stopPropagation(); // it would let go of the pin too
      this.close();
    });
    this.chooser.addEventListener("change", () => {
      const file = this.chooser.files?.[0];
      this.chooser.value = ""; // so that the same file can be chosen again
      if (file) this.read(file, file.name);
    });
  }

  readText() {
    const text = this.text.value;
    if (text.trim()) this.read(new Blob([text]), "pasted rows");
    else this.showProblem("Paste some rows first.");
  }

  /** Read a file and send it; one that is too large is not read at all. @param {Blob} blob @param {string} name */
  async read(blob, name) {
    this.showProblem(tooLarge(blob.size, this.mostBytes, name));
    if (blob.size > this.mostBytes) {
      this.root.open = true;
      return;
    }
    try {
      const content = await packed(blob);
      const problem = tooLong(content.length, this.mostSent, name);
      this.root.open = Boolean(problem);
      this.showProblem(problem);
      if (!problem) this.send({ name, content });
    } catch {
      this.root.open = true;
      this.showProblem(`${name} cannot be read.`);
    }
  }

  close() {
    this.root.open = false;
    one(this.root, "summary", HTMLElement).focus();
  }

  /** @param {string} problem */
  showProblem(problem) {
    this.problem.textContent = problem;
  }
}

/** @param {number} size @param {number} most bytes @param {string} name @returns {string} nothing where it is not */
export function tooLarge(size, most, name) {
  if (size <= most) return "";
  return `${name}: the file has ${(size / 1e6).toFixed(1)} MB, and ${most / 1e6} MB is the most.`;
}

/** @param {number} length @param {number} most characters @param {string} name @returns {string} nothing where it is not */
export function tooLong(length, most, name) {
  if (length <= most) return "";
  const share = Math.floor(100 * most / length);
  return `${name}: packed, the file is too long to be sent; keep some ${share} % of its rows, or fewer columns.`;
}

/** Its bytes, deflated by gzip, as base64. @param {Blob} blob @returns {Promise<string>} */
export async function packed(blob) {
  const stream = blob.stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const parts = [];
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(""));
}
