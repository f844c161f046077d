/** The moment for others: a link, its QR code, and an experiment file. */

import { download } from "./data.js";
import { experimentOf, hand } from "./experiment.js";
import { copyText, save } from "./files.js";

export class SharePanel {
  /** @param {Element} element @param {import("./dialog.js").TakeDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.link = element.querySelector("[name=link]");
    this.chooser = element.querySelector("[type=file]");
    this.image = element.querySelector("img");
    this.board = element.querySelector(".nnviz-take-board");
    const { signal } = dialog.source;
    const does = {
      copy: () => this.copy(),
      save: () => download(dialog, "experiment"),
      open: () => this.chooser.click(),
      enlarge: () => this.enlarge(),
      keep: () => this.keep(),
    };
    for (const [name, work] of Object.entries(does)) {
      this.part(name).addEventListener("click", () => dialog.attempt(work), { signal });
    }
    this.part("local").hidden = !leadsToItself(location.hostname);
    this.chooser.addEventListener("change", () => dialog.attempt(() => this.open()), { signal });
    this.link.addEventListener("focus", () => this.link.select(), { signal });
    this.board.addEventListener("click", () => {
      this.board.classList.remove("nnviz-take-full");
      if (document.fullscreenElement) document.exitFullscreen();
    }, { signal });
    signal.addEventListener("abort", () => URL.revokeObjectURL(this.image.src));
  }

  part(name) {
    return this.element.querySelector(`[data-take=${name}]`);
  }

  async show() {
    await this.dialog.attempt(async () => {
      if (!this.dialog.query) await this.dialog.settle();
      this.renew();
      await this.draw();
    });
  }

  /** Another moment: the link to it, and no code until that is drawn. */
  renew() {
    const { query } = this.dialog;
    this.link.value = query ? `${location.origin}${location.pathname}?${query}` : "";
    this.part("copy").disabled = !query;
    if (this.coded === this.link.value) return;
    this.coded = undefined;
    this.putCode(null);
  }

  /** The code of the link, if it is not there. */
  async draw() {
    const text = this.link.value;
    if (this.coded === text) return;
    this.coded = text;
    try {
      const code = await this.dialog.source.take({ what: "qr", text });
      if (this.coded === text) this.putCode(code);
    } catch (error) {
      if (this.coded !== text) return; // overtaken
      this.coded = undefined; // to be tried again
      this.putCode(null, error.message);
    }
  }

  /** @param {object?} code header and file @param {string} problem why there is none */
  putCode(code, problem = "") {
    URL.revokeObjectURL(this.image.src);
    this.picture = code && { name: code.header.name, file: new Blob([code.file], { type: "image/svg+xml" }) };
    if (code) this.image.src = URL.createObjectURL(this.picture.file);
    this.board.hidden = !code;
    for (const name of ["enlarge", "keep"]) this.part(name).disabled = !code;
    const line = this.element.querySelector(".nnviz-take-empty");
    line.textContent = problem;
    line.hidden = !problem;
  }

  async copy() {
    await copyText(this.link.value);
    this.dialog.say("Link copied.");
  }

  /** For a projector; a click or Escape brings the dialog back. */
  async enlarge() {
    if (!this.board.requestFullscreen) { // a phone without it: as large as the page
      this.board.classList.add("nnviz-take-full");
      return;
    }
    await this.board.requestFullscreen().catch(() => {
      throw new Error("The browser refuses full screen. Download the code instead.");
    });
  }

  keep() {
    save(this.picture.file, this.picture.name);
    this.dialog.say(`Saved ${this.picture.name}.`);
  }

  /** The page takes it from here, and says so if the file holds no run. */
  async open() {
    const [file] = this.chooser.files;
    this.chooser.value = ""; // so that the same file can be chosen again
    if (!file) return;
    const text = await experimentOf(file);
    this.dialog.close();
    hand(this.dialog.source, text);
  }
}

/** Whether a name means, on each device, that very device. @param {string} host */
export const leadsToItself = (host) => /(^|\.)localhost$|^127\.|^0\.0\.0\.0$|^\[::1?\]$/.test(host);
