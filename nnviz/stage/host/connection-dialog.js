/** The page around the stage: what Streamlit shows there that the stage says better itself. */

const DIALOG = "[data-testid=stDialog]";
const TITLE = "Connection error";

/**
 * Close Streamlit's dialog about a lost connection: the stage says so too, and goes on working,
 * which it cannot under a dialog that dims the page and holds the focus. Streamlit does not show
 * it again until the connection is back, and lost again.
 * @param {AbortSignal} signal
 */
export function dismissConnectionError(signal) {
  const look = () => {
    const dialog = [...document.querySelectorAll(DIALOG)].find(isConnectionError);
    if (!dialog) return;
    dialog.style.display = "none"; // it fades out
    dialog.querySelector("button[aria-label=Close]")?.click();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true });
  signal.addEventListener("abort", () => observer.disconnect());
  look();
}

const isConnectionError = (dialog) => dialog.querySelector("[slot=title], h1, h2")?.textContent === TITLE;
