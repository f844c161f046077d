/** The panel that the page shows below the stage. */

// Streamlit's classes: of the part that scrolls, of all that is in it, and of the widgets with these keys
const SCROLLED = ".stMain";
const CONTENT = ".stMainBlockContainer";
const CHOICE = ".st-key-panel"; // in `nnviz/ui/panels.py`
const PANEL = ".st-key-panel_open";

const TAKES_OVER = ["wheel", "touchstart", "pointerdown", "keydown"]; // the user goes elsewhere

/**
 * Scroll to the panel that was opened, below the part of the page in sight. The page draws it bit by
 * bit, and can be scrolled no further than it is drawn: so again with everything that is added, until
 * the choice of panels is in the middle.
 * @param {AbortSignal} signal
 */
export function scrollToPanel(signal) {
  const content = document.querySelector(CONTENT);
  if (!content) return;
  const observer = new ResizeObserver(() => {
    document.querySelector(CHOICE)?.scrollIntoView({ block: "center" });
    if (isInPlace()) end();
  });
  const end = () => {
    observer.disconnect();
    for (const type of TAKES_OVER) removeEventListener(type, end, true);
    signal.removeEventListener("abort", end);
  };
  for (const type of TAKES_OVER) addEventListener(type, end, { capture: true, passive: true });
  signal.addEventListener("abort", end);
  observer.observe(content); // calls it once at least
}

/** Whether the panel is there, and the choice of panels in the middle above it. */
function isInPlace() {
  const [panel, choice, scrolled] = [PANEL, CHOICE, SCROLLED].map((name) => document.querySelector(name)?.getBoundingClientRect());
  if (!panel?.height || !choice || !scrolled) return false;
  const middle = (/** @type {DOMRect} */ { top, bottom }) => (top + bottom) / 2;
  return Math.abs(middle(choice) - middle(scrolled)) < 2;
}
