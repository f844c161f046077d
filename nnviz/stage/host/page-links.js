/** Links of the page to other runs: the present stage opens them, and Back returns to the run before. */

import { one } from "../controls/elements.js";

const PANEL = ":is(.st-key-panel_open, .site-panel)"; // in `nnviz/ui/panels.py`, and in `look-inside.js`
const STAGE = ":is(.st-key-stage, #site-stage)";

/** Documents that are listened to already. @type {WeakSet<Document>} */
const followed = new WeakSet();
/** Charts of the panel whose marks open their runs. @type {WeakSet<Element>} */
const charts = new WeakSet();

/** @typedef {{on: (name: string, react: (event: {points: {customdata?: unknown}[]}) => void) => void}} Plotted */

/** Open links in the panels below the stage without loading the page anew. @param {Document} page */
export function followsLinks(page) {
  if (followed.has(page)) return;
  followed.add(page);
  page.addEventListener("click", (event) => {
    const link = linkAt(event.target);
    const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || !isOfThisPage(new URL(link.href), location)) return;
    event.preventDefault();
    follow(link.href);
  });
  page.addEventListener("pointerover", ({ target }) => {
    const chart = target instanceof Element && target.closest(`${PANEL} .js-plotly-plot`);
    if (!chart || charts.has(chart)) return;
    charts.add(chart);
    /** @type {Plotted} */ (/** @type {unknown} */ (chart)).on("plotly_click", ({ points }) => openMark(points[0]?.customdata));
  });
}

/** Whether a link leads to another run of the same page. @param {{origin: string, pathname: string}} link @param {{origin: string, pathname: string}} page */
export const isOfThisPage = (link, page) => link.origin === page.origin && link.pathname === page.pathname;

/** @param {EventTarget | null} target */
const linkAt = (target) =>
  target instanceof Element ? /** @type {HTMLAnchorElement | null} */ (target.closest(`${PANEL} a[href]:not([download])`)) : null;

/** Open the run of a mark, whose link is in the list of all runs. @param {unknown} run its number */
function openMark(run) {
  const link = document.querySelector(`${PANEL} tr[data-run="${Number(run)}"] a[href]`);
  if (link instanceof HTMLAnchorElement) link.click();
}

/** Show the run of a link as Streamlit does when the user goes Back. @param {string} address */
function follow(address) {
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
  one(document, STAGE, HTMLElement).scrollIntoView({ block: "nearest" });
}
