/** Packs a file of this page as text, to be put into another file. */

const PIECE = 0x8000; // bytes that become characters in one call, which takes no more arguments

/** A file, gzipped, in base 64. @param {string} address @returns {Promise<string>} fails where it cannot be loaded */
export async function packed(address) {
  const answer = await fetch(address);
  if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
  const bytes = new Uint8Array(await new Response(answer.body.pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += PIECE) text += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  return btoa(text);
}
