/**
 * Reply bytes: [uint32 header length][JSON header][raw little-endian arrays].
 * The same layout as nnviz/live/codec.py; a shared vector in the tests holds the two together.
 */

const TYPES = { f32: Float32Array, u32: Uint32Array, u8: Uint8Array };

/**
 * @param {ArrayBuffer} reply
 * @returns {{header: object, arrays: Object<string, {data: ArrayLike<number>, shape: number[]}>}}
 */
export function unpack(reply) {
  const length = new DataView(reply).getUint32(0, true);
  const { arrays: listing, ...header } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(reply, 4, length)),
  );
  const arrays = {};
  let start = 4 + length;
  for (const [name, type, shape] of listing) {
    const count = shape.reduce((product, n) => product * n, 1);
    const data = new TYPES[type](reply, start, count); // in place: the header is padded for it
    arrays[name] = { data, shape };
    start += data.byteLength;
  }
  return { header, arrays };
}
