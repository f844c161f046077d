/** Streamlit's dialog about a lost connection, which the stage replaces by its own message. */

const DIALOG = "[data-testid=stDialog]";
const TITLE = "Connection error";

/**
 * Close that dialog where it appears: the stage shows the same message, and can be used meanwhile, which is
 * impossible under a dialog that dims the page and holds the focus. Streamlit does not show it again until
 * the connection is back, and lost again.
 * @param {AbortSignal} signal
 */
export function dismissConnectionError(signal) {
  const dismiss = () => {
    const dialog = [...document.querySelectorAll(DIALOG)].find(isConnectionError);
    if (!(dialog instanceof HTMLElement)) return;
    dialog.style.display = "none"; // it fades out
    const close = dialog.querySelector("button[aria-label=Close]");
    if (close instanceof HTMLElement) close.click();
  };
  const observer = new MutationObserver(dismiss);
  observer.observe(document.body, { childList: true });
  signal.addEventListener("abort", () => observer.disconnect());
  dismiss();
}

/** @param {Element} dialog */
const isConnectionError = (dialog) => dialog.querySelector("[slot=title], h1, h2")?.textContent === TITLE;
