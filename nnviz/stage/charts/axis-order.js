/** Parallel axes in another order. Pure. */

/**
 * A figure of `parallel` in `nnviz/figures/sweeps.py`: a trace goes through all axes for each run, with a gap after it.
 * @typedef {object} ParallelFigure
 * @property {Lines[]} data
 * @property {{height: number, xaxis: {ticktext: string[]}, shapes?: {x0: number}[], annotations?: {x: number}[]}} layout
 *
 * @typedef {{x: (number | null)[], y: (number | null)[], text: string[], mode?: string}} Lines of some runs
 */

/**
 * @param {number[]} order axes from left to right @param {number} axis @param {number} place where it is to be, from 0
 * @returns {number[]}
 */
export function movedTo(order, axis, place) {
  const others = order.filter((other) => other !== axis);
  return [...others.slice(0, place), axis, ...others.slice(place)];
}

/**
 * Where each axis stands: at its place in the order, but for one that is being dragged.
 * @param {number[]} order @param {{axis: number, at: number} | null} [dragged] @returns {number[]} by axis
 */
export const placesOf = (order, dragged) =>
  order.map((_, axis) => (dragged?.axis === axis ? dragged.at : order.indexOf(axis)));

/**
 * The figure with its axes in an order.
 * @param {ParallelFigure} figure @param {number[]} order @param {number[]} places of the axes, as from `placesOf`
 */
export function arranged({ data, layout }, order, places) {
  return {
    data: data.map((lines) => arrangedLines(lines, order, places)),
    layout: {
      ...layout,
      shapes: layout.shapes?.map((shape) => ({ ...shape, x0: places[shape.x0], x1: places[shape.x0] })),
      annotations: layout.annotations?.map((note) => ({ ...note, x: places[note.x] })),
    },
  };
}

/** @param {Lines} lines @param {number[]} order @param {number[]} places @returns {Lines} */
function arrangedLines(lines, order, places) {
  const step = order.length + 1; // the gap
  const runs = lines.y.length / step;
  /** @template Value @param {Value[]} values @returns {Value[]} */
  const inOrder = (values) => Array.from({ length: runs }, (_, run) => [...order, order.length].map((axis) => values[run * step + axis])).flat();
  const x = [...order.map((axis) => places[axis]), null];
  return { ...lines, x: Array.from({ length: runs }, () => x).flat(), y: inOrder(lines.y), text: inOrder(lines.text) };
}
