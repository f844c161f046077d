/** The run as a script. */

import { offer } from "./choices.js";
import { copyText, save } from "./files.js";

export class CodePanel {
  /** @param {Element} element @param {import("./dialog.js").TakeDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.flavour = element.querySelector("select");
    const { source } = dialog;
    const { signal } = source;
    offer(this.flavour, source.choices().flavours);
    this.flavour.addEventListener("change", () => this.show(), { signal });
    this.part("[data-take=download]").addEventListener("click", () => dialog.attempt(() => this.download()), { signal });
    this.part("[data-take=copy]").addEventListener("click", () => dialog.attempt(() => this.copy()), { signal });
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  renew() {
    this.wanted = undefined;
  }

  async show() {
    const name = this.flavour.value;
    if (name === this.wanted) return;
    this.wanted = name;
    this.say("");
    this.dialog.say("");
    try {
      const { header, file } = await this.dialog.source.take({ what: name });
      if (name === this.wanted) this.put(header, new TextDecoder().decode(file));
    } catch (error) {
      if (name !== this.wanted) return;
      this.wanted = undefined;
      this.put({ differences: [] }, "");
      this.say(error.message);
    }
  }

  put({ name, mime, differences }, script) {
    Object.assign(this, { name, mime, script });
    this.part("pre").textContent = script;
    this.part("pre").hidden = !script;
    this.part("pre").scrollTop = 0;
    this.part(".nnviz-take-differences").hidden = !differences.length;
    this.part("ul").replaceChildren(...differences.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    const { needs } = this.dialog.source.choices().flavours.find((row) => row.name === this.flavour.value);
    this.part("[data-take=needs]").textContent = needs ? `needs ${[needs].flat().join(", ")}` : "";
    for (const button of this.element.querySelectorAll("button")) button.disabled = !script;
  }

  say(words) {
    const line = this.part(".nnviz-take-empty");
    line.textContent = words;
    line.hidden = !words;
    if (words) this.dialog.say("There is no script of this run in this flavour.", "problem");
  }

  download() {
    save(new Blob([this.script], { type: this.mime }), this.name);
    this.dialog.say(`Saved ${this.name}.`);
  }

  async copy() {
    await copyText(this.script);
    this.dialog.say("Script copied.");
  }
}
