/** Why a socket was closed, or cannot be opened at all: as reported by the server or by a proxy before it. */

const FORBIDDEN = 4403; // as in nnviz/live/origin.py
const UPGRADE_REQUIRED = 426; // the server's own answer, see there

/** Whether there is no use in connecting again. @param {number} code of the close */
export const isFinal = (code) => code === FORBIDDEN;

/**
 * The reason as a sentence, or "" where there is none.
 * @param {string} url of the socket @param {{code: number, reason: string}} close
 */
export function sentenceOf(url, { code, reason }) {
  return isFinal(code) ? `This page came from ${new URL(url).host}, and ${reason}.` : reason;
}

/**
 * Why no socket can be opened, asked by a plain request, since a script cannot read it of a handshake.
 * @param {string} url of the socket
 * @returns {Promise<string>} a sentence, or "" where the server just can't be reached
 */
export async function diagnose(url) {
  const address = url.replace(/^ws/, "http");
  let answer;
  try {
    answer = await fetch(address, { redirect: "manual", cache: "no-store" });
  } catch {
    return "";
  }
  const { status, type } = answer;
  if (status === UPGRADE_REQUIRED) return (await answer.text()).trim();
  if (status >= 500) return ""; // a proxy whose server is being restarted
  const what = type === "opaqueredirect" ? "a redirect" : `status ${status}`;
  return `Something before the server answers ${new URL(url).pathname} by itself (${what}); see docs/hosting.md.`;
}
