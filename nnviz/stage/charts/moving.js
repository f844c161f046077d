/**
 * Updates lines and markers that Plotly has drawn, by changing their paths alone. Plotly itself would go
 * through every attribute of every trace, which takes about 2 ms a trace.
 */

/**
 * @typedef {import("./plotly-loader.js").FigureElement} FigureElement
 * @typedef {{x: number[], y: number[]}} Points of a trace
 * @typedef {{mode?: string, yaxis?: string}} Trace
 */

/**
 * Move the traces of a figure to new points; its axes stay.
 * @param {FigureElement} element @param {Points[]} data one for each trace
 * @returns {boolean} false where one is not drawn in as many parts as it has now: Plotly has to draw it
 */
export function moved(element, data) {
  const { data: traces, _fullLayout: layout } = element;
  if (!traces || !layout) return false;
  const nodes = nodesOf(element);
  const moves = data.map((points, i) => moveOf(/** @type {Trace} */ (traces[i]), layout, nodes.get(i), points));
  if (!moves.every((move) => move)) return false;
  for (const move of moves) move?.();
  data.forEach((points, i) => Object.assign(traces[i], points));
  return true;
}

/** What Plotly has drawn of each scatter trace, by its number. @param {Element} element @returns {Map<number, Element>} */
function nodesOf(element) {
  const drawn = [...element.querySelectorAll(".scatterlayer > .trace")];
  return new Map(drawn.flatMap((node) => {
    const { __data__: bound } = /** @type {{__data__?: {trace?: {index: number}}[]}} */ (/** @type {unknown} */ (node));
    const index = bound?.[0]?.trace?.index;
    return index === undefined ? [] : [[index, node]];
  }));
}

/**
 * @param {Trace} trace @param {object} layout @param {Element | undefined} node @param {Points} points
 * @returns {(() => void) | null} null where that cannot be done
 */
function moveOf({ mode, yaxis = "y" }, layout, node, { x, y }) {
  const axes = /** @type {{[name: string]: import("./plotly-loader.js").FigureAxis | undefined}} */ (layout);
  const [across, up] = [axes.xaxis, axes[`yaxis${yaxis.slice(1)}`]];
  if (!across || !up) return null;
  const all = Array.from(x, (value, i) => [across.d2p(value), up.d2p(y[i])]);
  const places = all.filter((place) => place.every(Number.isFinite));
  const isLine = mode === "lines";
  const parts = [...(node?.querySelectorAll(isLine ? ".js-line" : ".point") ?? [])];
  const hasGaps = places.length > 0 && places.length < all.length; // a line in several parts
  if (hasGaps || parts.length !== (isLine ? Math.min(places.length, 1) : places.length)) return null;
  const written = places.map((place) => place.map((pixels) => pixels.toFixed(2)).join());
  if (isLine) return () => parts[0]?.setAttribute("d", `M${written.join("L")}`);
  return () => parts.forEach((part, i) => part.setAttribute("transform", `translate(${written[i]})`));
}
