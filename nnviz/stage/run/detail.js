/**
 * The picture of a run at rest, on a grid as fine as the display. It comes in pieces, some rows each
 * and one request at a time, whenever nothing else is to be done. Pure.
 */

/** @typedef {import("./run-state.js").RunState} RunState */
/** @typedef {import("./replies.js").Frame} Frame */
/** @typedef {import("./replies.js").DetailArrays} DetailArrays */

/**
 * @typedef {object} Detail of the picture shown
 * @property {[columns: number, rows: number]} size of its grid
 * @property {number} rows that are there, from the bottom up
 * @property {DetailArrays[]} pieces that hold them, until the picture is whole
 */

/**
 * The picture is on the screen and nothing moves: it is wanted in so many columns and rows.
 * @param {RunState} run @param {[columns: number, rows: number]} size @returns {RunState}
 */
export function rested(run, size) {
  if (run.detail && String(run.detail.size) === String(size)) return run;
  return { ...run, detail: { size, rows: 0, pieces: [] } };
}

/** Whether rows of it are missing, and nothing is under way. @param {RunState} run */
export const isIncomplete = ({ detail, sent }) => detail !== null && detail.rows < detail.size[1] && !sent.length;

/**
 * A piece has come. It is of the picture shown, since it was requested at rest and replies come in
 * order; one of another size changes nothing.
 * @param {RunState} run @param {import("./requests.js").Request} request @param {DetailArrays} piece
 * @returns {RunState}
 */
export function withPiece(run, request, piece) {
  const { detail } = run;
  if (!detail || detail.size !== request.size) return run;
  const rows = detail.rows + piece.planes.shape[1];
  return { ...run, detail: { ...detail, rows, pieces: [...detail.pieces, piece] } };
}

/**
 * The whole picture, once all pieces have come; else the one before.
 * @param {RunState} run @param {Frame | null} frame the picture shown
 * @returns {Frame | null}
 */
export function refined({ detail }, frame) {
  if (!frame || !detail || !detail.pieces.length || detail.rows < detail.size[1]) return frame;
  const { pieces } = detail;
  const units = pieces.flatMap(({ unit }) => unit ?? []);
  const bent = pieces.flatMap(({ spaceLines }) => spaceLines ?? []);
  return {
    ...frame,
    isFine: true,
    planes: stacked(pieces.map(({ planes }) => planes)),
    ...linesOf(pieces),
    ...(units.length ? { unit: stacked(units) } : {}),
    ...(bent.length ? { spaceLines: endToEnd(bent) } : {}),
  };
}

/**
 * Maps (…, rows, columns) one above the other.
 * @param {import("./replies.js").TypedArray<Uint8Array>[]} parts
 */
function stacked(parts) {
  const leading = parts[0].shape.slice(0, -2);
  const [columns] = parts[0].shape.slice(-1);
  const rows = parts.reduce((sum, { shape }) => sum + shape[shape.length - 2], 0);
  const maps = leading.reduce((all, n) => all * n, 1);
  const data = new Uint8Array(maps * rows * columns);
  let below = 0; // rows
  for (const part of parts) {
    const size = part.data.length / maps;
    for (let map = 0; map < maps; map++) {
      data.set(part.data.subarray(map * size, (map + 1) * size), (map * rows + below) * columns);
    }
    below += size / columns;
  }
  return { data, shape: [...leading, rows, columns] };
}

/** @param {DetailArrays[]} pieces */
function linesOf(pieces) {
  const lines = endToEnd(pieces.map((piece) => piece.lines));
  const starts = [];
  let points = 0;
  for (const { lines: own, lineStarts } of pieces) {
    for (const start of lineStarts.data) starts.push(points + start);
    points += own.shape[0];
  }
  return { lines, lineStarts: { data: Uint32Array.from(starts), shape: [starts.length] } };
}

/** Points (n, 2) of all parts. @param {import("./replies.js").TypedArray<Float32Array>[]} parts */
function endToEnd(parts) {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, shape: [data.length / 2, 2] };
}
