/**
 * Bytes of a reply: [uint32 header length][JSON header][raw little-endian arrays].
 * The same layout as nnviz/live/codec.py; a shared vector in the tests holds the two together.
 */

const TYPES = { f32: Float32Array, u32: Uint32Array, u8: Uint8Array };

/** @typedef {[name: string, type: keyof typeof TYPES, shape: number[]]} Listed one array, as the header lists it */

/** @param {ArrayBuffer} reply @returns {import("../run/replies.js").Reply} */
export function unpack(reply) {
  const length = new DataView(reply).getUint32(0, true);
  const { arrays: listing, ...header } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(reply, 4, length)),
  );
  let start = 4 + length;
  const arrays = /** @type {Listed[]} */ (listing).map(([name, type, shape]) => {
    const count = shape.reduce((product, n) => product * n, 1);
    const data = new TYPES[type](reply, start, count); // in place: the header is padded for it
    start += data.byteLength;
    return [name, { data, shape }];
  });
  return { header, arrays: Object.fromEntries(arrays) };
}
