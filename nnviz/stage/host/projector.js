/** The projector mode: the stage enlarged, with full contrast and without the rest of the page. */

const PAGE = "nnvizProjector"; // in the dataset of the document: layout.css hides the rest of the page

export class Projector {
  isShown = false;

  /** @param {HTMLElement} root the stage @param {() => void} leave the user has left the full screen @param {AbortSignal} signal */
  constructor(root, leave, signal) {
    this.root = root;
    document.addEventListener("fullscreenchange", () => {
      if (this.isShown && !document.fullscreenElement) leave();
    }, { signal });
    signal.addEventListener("abort", () => this.mark(false));
  }

  /** Begin or end it. The screen is filled where the browser lets the page do so. @param {boolean} isShown */
  show(isShown) {
    if (isShown === this.isShown) return;
    this.mark(isShown);
    if (isShown) document.documentElement.requestFullscreen?.().catch(() => {}); // a link was opened: there was no key or click
    else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
  }

  /** @param {boolean} isShown */
  mark(isShown) {
    this.isShown = isShown;
    this.root.toggleAttribute("data-projector", isShown);
    if (isShown) document.documentElement.dataset[PAGE] = "";
    else delete document.documentElement.dataset[PAGE];
  }
}

/** By how much the stage is enlarged. @param {HTMLElement} root */
export const zoomOf = (root) => Number(getComputedStyle(root).getPropertyValue("--zoom")) || 1;
