/** Experiment files: read, checked, and given to the page. */

const MOST_BYTES = 250_000; // below MOST_BYTES in nnviz/live/endpoint.py: its recipe is sent in one message

/**
 * @param {File} file
 * @returns {Promise<string>} its text, a JSON object; fails with an Error that says what is wrong
 */
export async function readExperiment(file) {
  const size = `${Math.ceil(file.size / 1000)} kB`;
  if (file.size > MOST_BYTES) throw new Error(`an experiment must have ${MOST_BYTES / 1000} kB at most; got ${size} in ${file.name}`);
  const text = await file.text();
  if (!isObject(text)) throw new Error(`${file.name} is not an experiment. Drop a file made by Export, “Save experiment”, or a table (.csv, .xlsx).`);
  return text;
}

/**
 * Give the page an experiment to open.
 * @param {import("./source.js").ExportSource} source @param {string} text
 */
export function openExperiment(source, text) {
  source.showMessage("", "note"); // removes the problem of an earlier file
  source.open(text);
}

/** @param {string} text */
function isObject(text) {
  try {
    const document = JSON.parse(text);
    return typeof document === "object" && document !== null && !Array.isArray(document);
  } catch {
    return false;
  }
}
