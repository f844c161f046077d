/** The head above the plane of a run among several side by side: its mark, its name, what differs. */

import { button } from "../controls/elements.js";
import { MOST_NAME } from "./companions.js";

/**
 * @typedef {object} RunTitle
 * @property {string} mark SVG, as its curves have it
 * @property {string} title what the run is called
 * @property {string} name typed, "" for none
 * @property {string} differs
 */

export class RunHead {
  /**
   * @param {{name: (name: string) => void, dismiss: () => void, activate?: () => void}} on what is done in it;
   *   a click beside name and button makes the run the active one
   */
  constructor(on) {
    this.element = document.createElement("div");
    this.element.className = "nnviz-run-head";
    this.element.addEventListener("click", ({ target }) => {
      if (target !== this.name && target !== this.remove) on.activate?.();
    });
    this.mark = document.createElement("span");
    this.name = document.createElement("input");
    Object.assign(this.name, { type: "text", maxLength: MOST_NAME, autocomplete: "off", spellcheck: false });
    this.differs = document.createElement("span");
    this.differs.className = "nnviz-run-differs";
    this.remove = button("×", () => on.dismiss());
    this.element.append(this.mark, this.name, this.differs, this.remove);
    this.name.addEventListener("change", () => on.name(this.name.value.trim()));
    this.name.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") this.name.blur();
    });
  }

  /** @param {RunTitle} run */
  show({ mark, title, name, differs }) {
    this.mark.innerHTML = mark;
    this.name.placeholder = title;
    this.name.style.setProperty("--letters", String(Math.max((name || title).length, 4)));
    if (document.activeElement !== this.name) this.name.value = name;
    this.name.setAttribute("aria-label", `Name of ${title}`);
    this.differs.textContent = differs;
    this.differs.title = differs;
    this.remove.setAttribute("aria-label", `Remove ${title}`);
    this.remove.title = `Remove ${title}`;
  }
}
