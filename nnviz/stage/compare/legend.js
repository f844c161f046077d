/** The classes of runs side by side, in a line above the planes. Pure but for the element. */

/**
 * @typedef {object} RunClasses of one run
 * @property {string} title what the run is called
 * @property {string[]} classNames
 * @property {boolean} hasTest whether points of a test part are shown
 *
 * @typedef {{titles: string[], classNames: string[], hasTest: boolean}} Legend of the runs with these titles
 */

/** A legend for all runs of the same classes. @param {RunClasses[]} runs @returns {Legend[]} */
export function legendsOf(runs) {
  /** @type {Map<string, Legend>} */
  const legends = new Map();
  for (const { title, classNames, hasTest } of runs) {
    const key = JSON.stringify(classNames);
    const known = legends.get(key) ?? { titles: [], classNames, hasTest: false };
    legends.set(key, { ...known, titles: [...known.titles, title], hasTest: known.hasTest || hasTest });
  }
  return [...legends.values()];
}

/**
 * @param {HTMLElement} element @param {RunClasses[]} runs
 * @param {(classIndex: number, isHollow: boolean) => string} mark SVG of a class
 */
export function writeLegend(element, runs, mark) {
  const legends = legendsOf(runs);
  element.replaceChildren(...legends.map(({ titles, classNames, hasTest }) => {
    const line = document.createElement("span");
    if (legends.length > 1) line.append(`${titles.join(", ")}:`);
    line.append(...classNames.map((name, k) => entry(mark(k, false), name)));
    if (hasTest) line.append(entry(mark(0, true), "test: hollow"));
    return line;
  }));
}

/** @param {string} svg @param {string} name */
function entry(svg, name) {
  const element = document.createElement("span");
  element.innerHTML = svg;
  element.append(name);
  return element;
}
