/** A reply as the server packs it: length, header, no arrays. @param {object} header @returns {ArrayBuffer} */
export function packed(header) {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...header, arrays: [] }));
  const reply = new Uint8Array(4 + bytes.length);
  new DataView(reply.buffer).setUint32(0, bytes.length, true);
  reply.set(bytes, 4);
  return reply.buffer;
}
