/**
 * Bytes of a reply: [uint32 header length][JSON header][arrays], or compressed, [uint32 0][zlib stream of
 * that]. The layout is described in nnviz/live/codec.py; the tests of both share one example.
 */

const LEVELS = 65535; // of a position

/**
 * @typedef {import("../run/replies.js").Reply} Reply
 *
 * @typedef {[name: string, type: keyof typeof TYPES, shape: number[]]} Listed one array, as the header lists it
 *
 * @typedef {object} Type one way to write an array
 * @property {(shape: number[]) => number} size in bytes
 * @property {(bytes: Uint8Array, shape: number[]) => Float32Array | Uint32Array | Uint8Array} read
 */

/** @param {ArrayBuffer} reply @returns {Promise<Reply>} rejected where it can't be read */
export async function unpack(reply) {
  return read(await inflated(reply));
}

/** @param {ArrayBuffer} reply */
async function inflated(reply) {
  if (new DataView(reply).getUint32(0, true)) return reply;
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  // waited for together: all of them fail where the stream is spoilt
  const [whole] = await Promise.all([
    new Response(readable).arrayBuffer(), writer.write(new Uint8Array(reply, 4)), writer.close(),
  ]);
  return whole;
}

/** @param {ArrayBuffer} reply not compressed @returns {Reply} */
function read(reply) {
  const length = new DataView(reply).getUint32(0, true);
  const { arrays: listing, ...header } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(reply, 4, length)),
  );
  let start = 4 + length;
  const arrays = /** @type {Listed[]} */ (listing).map(([name, type, shape]) => {
    const bytes = new Uint8Array(reply, start, TYPES[type].size(shape));
    start += bytes.length;
    return [name, { data: TYPES[type].read(bytes, shape), shape }];
  });
  return { header, arrays: Object.fromEntries(arrays) };
}

/** @param {number[]} numbers */
const product = (numbers) => numbers.reduce((all, n) => all * n, 1);

/** @type {{[name: string]: Type}} */
const TYPES = {
  // in place: the header is padded for it
  f32: { size: (shape) => 4 * product(shape), read: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4) },
  u32: { size: (shape) => 4 * product(shape), read: ({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length / 4) },
  u8: { size: product, read: (bytes) => bytes },
  maps: { size: product, read: (bytes, shape) => summed(bytes.slice(), shape) },
  shares: { size: ([k, ...plane]) => (k - 1) * product(plane), read: withLast },
  positions: { size: ([n]) => 16 + 4 * n, read: positions },
};

/**
 * Maps from their differences across and up, modulo 256, in place.
 * @param {Uint8Array} data @param {number[]} shape (…, rows, columns)
 */
function summed(data, shape) {
  const [rows, columns] = shape.slice(-2);
  const size = rows * columns;
  for (let map = 0; map < data.length; map += size) {
    for (let i = map + columns; i < map + size; i++) data[i] += data[i - columns];
    for (let row = map; row < map + size; row += columns) {
      for (let i = row + 1; i < row + columns; i++) data[i] += data[i - 1];
    }
  }
  return data;
}

/**
 * Planes with the last one, which is what the others leave of 255.
 * @param {Uint8Array} bytes differences of the others @param {number[]} shape of all
 */
function withLast(bytes, shape) {
  const data = new Uint8Array(product(shape));
  data.set(bytes);
  summed(data.subarray(0, bytes.length), shape);
  const size = data.length - bytes.length;
  for (let i = 0; i < size; i++) {
    let left = 255;
    for (let at = i; at < bytes.length; at += size) left -= data[at];
    data[bytes.length + i] = Math.max(left, 0);
  }
  return data;
}

/**
 * Points from their levels between the lowest and the highest position: the differences of the levels,
 * in rows of low and high bytes, first of x and then of y.
 * @param {Uint8Array} bytes @param {number[]} shape (n, 2)
 */
function positions({ buffer, byteOffset, length }, [n]) {
  const ends = new Float32Array(buffer, byteOffset, 4);
  const rows = new Uint8Array(buffer, byteOffset + 16, length - 16);
  const data = new Float32Array(2 * n);
  for (let axis = 0; axis < 2; axis++) {
    const low = ends[axis];
    const step = (ends[2 + axis] - low) / LEVELS;
    let level = 0;
    for (let i = 0, at = 2 * axis * n; i < n; i++, at++) {
      level = (level + rows[at] + 256 * rows[at + n]) % 65536;
      data[2 * i + axis] = low + level * step;
    }
  }
  return data;
}
