/** The panel that the page shows below the stage. */

const PANEL = ".st-key-panel"; // Streamlit's class for the widget with the key "panel", in `nnviz/ui/panels.py`

/** Scroll to the panel that was opened: it lies below the part of the page in sight. */
export function scrollToPanel() {
  document.querySelector(PANEL)?.scrollIntoView({ block: "center" });
}
