/** An experiment file, as it comes from people's disks. */

const MOST_BYTES = 250_000;
const SHOWN = 20; // letters of what is wrong

/**
 * @param {File} file
 * @returns {Promise<string>} its text, a JSON object; fails with an Error in words
 */
export async function experimentOf(file) {
  const size = `${Math.ceil(file.size / 1000)} kB`;
  if (file.size > MOST_BYTES) throw new Error(`an experiment must have ${MOST_BYTES / 1000} kB at most; got ${size} in ${file.name}`);
  const text = await file.text();
  if (!isObject(text)) throw new Error(`an experiment must be a JSON object; got ${start(text)} in ${file.name}`);
  return text;
}

/** Give the page an experiment to open. @param {import("./dialog.js").Source} source @param {string} text */
export function hand(source, text) {
  source.say("", "note"); // of what was tried before
  source.open(text);
}

function isObject(text) {
  try {
    const document = JSON.parse(text);
    return typeof document === "object" && document !== null && !Array.isArray(document);
  } catch {
    return false;
  }
}

const start = (text) => (text.length > SHOWN ? `“${text.slice(0, SHOWN)}…”` : `“${text}”`);
