/** Ways to share the moment: a link, its QR code, and an experiment file. */

import { one } from "../controls/elements.js";
import { snippetOf } from "../host/embedding.js";
import { download } from "./data.js";
import { openExperiment, readExperiment } from "./experiment.js";
import { blobOfBytes, copyText, save } from "./files.js";

export class SharePanel {
  /** The code that is shown, if there is one. @type {{name: string, file: Blob}?} */
  code = null;
  /** The link whose code is shown, or is being made. @type {string | undefined} */
  codedLink;

  /** @param {HTMLElement} element @param {import("./dialog.js").ExportDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.link = one(element, "[name=link]", HTMLInputElement);
    this.snippet = one(element, "[name=embed]", HTMLInputElement);
    this.chooser = one(element, "[type=file]", HTMLInputElement);
    this.image = one(element, "img", HTMLImageElement);
    this.qrImage = one(element, ".nnviz-export-qr-image", HTMLElement);
    const { signal } = dialog.source;
    const actions = {
      copy: () => this.copy(),
      embed: () => this.copySnippet(),
      save: () => download(dialog, "experiment"),
      open: () => this.chooser.click(),
      enlarge: () => this.enlarge(),
      keep: () => this.saveCode(),
    };
    for (const [name, action] of Object.entries(actions)) {
      this.button(name).addEventListener("click", () => dialog.attempt(action), { signal });
    }
    one(element, "[data-export=local]", HTMLElement).hidden = !leadsToItself(location.hostname);
    this.chooser.addEventListener("change", () => dialog.attempt(() => this.open()), { signal });
    for (const field of [this.link, this.snippet]) field.addEventListener("focus", () => field.select(), { signal });
    this.qrImage.addEventListener("click", () => {
      this.qrImage.classList.remove("nnviz-export-full");
      if (document.fullscreenElement) document.exitFullscreen();
    }, { signal });
    signal.addEventListener("abort", () => URL.revokeObjectURL(this.image.src));
  }

  /** @param {string} name */
  button(name) {
    return one(this.element, `[data-export=${name}]`, HTMLButtonElement);
  }

  async show() {
    await this.dialog.attempt(async () => {
      if (!this.dialog.query) await this.dialog.requestQuery();
      this.renew();
      await this.makeCode();
    });
  }

  /** Another moment: the link to it, and no code until there is one of that link. */
  renew() {
    const { query } = this.dialog;
    this.link.value = query ? `${location.origin}${location.pathname}?${query}` : "";
    this.snippet.value = query ? snippetOf(this.link.value) : "";
    for (const name of ["copy", "embed"]) this.button(name).disabled = !query;
    if (this.codedLink === this.link.value) return;
    this.codedLink = undefined;
    this.showCode(null);
  }

  /** The code of the link, unless it is shown already. */
  async makeCode() {
    const text = this.link.value;
    if (this.codedLink === text) return;
    this.codedLink = text;
    try {
      const { header, file } = await this.dialog.source.request({ what: "qr", text });
      if (this.codedLink !== text) return; // there is another link meanwhile
      this.showCode({ name: header.name, file: blobOfBytes(file, "image/svg+xml") });
    } catch (error) {
      if (this.codedLink !== text) return;
      this.codedLink = undefined; // so that the next `show` tries again
      this.showCode(null, error.message);
    }
  }

  /** @param {{name: string, file: Blob}?} code @param {string} problem why there is none */
  showCode(code, problem = "") {
    URL.revokeObjectURL(this.image.src);
    this.code = code;
    if (code) this.image.src = URL.createObjectURL(code.file);
    this.qrImage.hidden = !code;
    for (const name of ["enlarge", "keep"]) this.button(name).disabled = !code;
    const line = one(this.element, ".nnviz-export-empty", HTMLElement);
    line.textContent = problem;
    line.hidden = !problem;
  }

  async copy() {
    await copyText(this.link.value);
    this.dialog.showMessage("Link copied.");
  }

  async copySnippet() {
    await copyText(this.snippet.value);
    this.dialog.showMessage("HTML copied.");
  }

  /** For a projector; a click or Escape brings the dialog back. */
  async enlarge() {
    if (!this.qrImage.requestFullscreen) { // as on some phones: as large as the page
      this.qrImage.classList.add("nnviz-export-full");
      return;
    }
    await this.qrImage.requestFullscreen().catch(() => {
      throw new Error("The browser does not allow full screen. Download the code instead.");
    });
  }

  saveCode() {
    save(this.code.file, this.code.name);
    this.dialog.showMessage(`Saved ${this.code.name}.`);
  }

  /** Open a file; the page shows a message if there is no run in it. */
  async open() {
    const [file] = this.chooser.files;
    this.chooser.value = ""; // so that the same file can be chosen again
    if (!file) return;
    const text = await readExperiment(file);
    this.dialog.close();
    openExperiment(this.dialog.source, text);
  }
}

/** Whether a host name means, on each device, that very device. @param {string} host */
export const leadsToItself = (host) => /(^|\.)localhost$|^127\.|^0\.0\.0\.0$|^\[::1?\]$/.test(host);
