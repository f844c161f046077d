/** The page within another one: the parts of it that are shown there, and the messages between the two. */

const OWN = ["embed", "controls"]; // parameters of the query; the others describe the moment
const AROUND = "nnviz in "; // before the origin of the page around, in the name of the frame
const PAGE = "nnvizEmbed"; // in the dataset of the document: style sheets hide what is around the stage

/** Whether the page is embedded, and the fields whose controls it then shows. @param {string} search of the address */
export function embeddingOf(search) {
  const query = new URLSearchParams(search);
  const isEmbedded = query.get("embed") === "1";
  const controls = isEmbedded ? (query.get("controls") ?? "").split(",").filter(Boolean) : [];
  return { isEmbedded, controls };
}

/** Mark the document where it is embedded. @param {string} search */
export function markEmbedded(search) {
  if (embeddingOf(search).isEmbedded) document.documentElement.dataset[PAGE] = "";
}

/** The part of a query that describes the moment. @param {string} search @returns {{[name: string]: string}} */
export const momentOf = (search) => Object.fromEntries([...new URLSearchParams(search)].filter(([name]) => !OWN.includes(name)));

/** The part of a query that describes how it is shown. @param {string} search @returns {{[name: string]: string}} */
export const embeddingParams = (search) => Object.fromEntries([...new URLSearchParams(search)].filter(([name]) => OWN.includes(name)));

/** HTML that shows a moment in another page. @param {string} link to the moment */
export const snippetOf = (link) =>
  `<iframe src="${link.replaceAll("&", "&amp;")}&amp;embed=1" title="nnviz: a neural network, live" width="100%" height="640" loading="lazy" allow="fullscreen"></iframe>`;

/**
 * @typedef {object} Frame what is needed of the window
 * @property {Window} parent
 * @property {string} origin of the page around, "" where that is not known
 * @property {(hear: (event: {source: unknown, origin: string, data: any}) => void) => void} listen
 */

/** That of a page; tests have their own. @returns {Frame | null} null where the page is in no other */
function browser() {
  if (window.parent === window) return null;
  const listen = (/** @type {(event: MessageEvent) => void} */ hear) => window.addEventListener("message", hear);
  return { parent: window.parent, origin: originAround(location.ancestorOrigins?.[0], document.referrer, window), listen };
}

/**
 * The origin of the page around. Where the browser does not give it, it is that of the referrer. After
 * another moment was opened the referrer is this page itself, so the origin is kept in the name of the frame.
 * @param {string | undefined} ancestor @param {string} referrer @param {{name: string, location: {origin: string}}} frame
 */
export function originAround(ancestor, referrer, frame) {
  if (ancestor) return ancestor === "null" ? "" : ancestor;
  const before = referrer ? new URL(referrer).origin : "";
  const kept = frame.name.startsWith(AROUND) ? frame.name.slice(AROUND.length) : "";
  if (kept && before === frame.location.origin) return kept;
  if (kept || !frame.name) frame.name = AROUND + before; // a name given by the page around stays
  return before;
}

/** Load another moment in place of the one shown; how the page is embedded stays. @param {string} query */
export const replaceMoment = (query) => location.replace(`?${new URLSearchParams({ ...momentOf(query), ...embeddingParams(location.search) })}`);

/**
 * Exchange messages with the page around. It receives `{nnviz: "ready"}`. It may send `{nnviz: "moment"}`,
 * and receives `{nnviz: "moment", query}`; it may open another moment with `{nnviz: "open", query}`.
 * Messages from other windows and other origins are ignored.
 * @param {() => Promise<string>} moment the query of a link to what is shown
 * @param {(query: string) => void} open
 * @param {Frame | null} [frame]
 */
export function talkWithParent(moment, open, frame = browser()) {
  if (!frame || !frame.origin) return;
  const { parent, origin, listen } = frame;
  listen(({ source, origin: from, data }) => {
    if (source !== parent || from !== origin) return;
    if (data?.nnviz === "open" && typeof data.query === "string") open(data.query);
    else if (data?.nnviz === "moment") moment().then((query) => parent.postMessage({ nnviz: "moment", query }, origin), () => {});
  });
  parent.postMessage({ nnviz: "ready" }, origin);
}
