/** Plotly, as a script of this server. */

/**
 * What the stage uses of Plotly; see https://plotly.com/javascript/plotlyjs-function-reference/.
 * @typedef {object} Plotly
 * @property {(element: Element, traces: object[], layout: object, config: object) => Promise<unknown>} react
 * @property {(element: Element, layout: object) => Promise<unknown>} relayout
 * @property {(element: Element, attributes: object, traces: number[]) => Promise<unknown>} restyle
 * @property {(element: Element, frame: object, options: object) => Promise<unknown>} animate
 * @property {(figure: object, options: {format: string, width: number, height: number, scale: number}) => Promise<string>} toImage
 *   as a data URL
 * @property {(element: Element) => void} purge
 */

/**
 * An element with a figure of Plotly in it, and what Plotly keeps there.
 * @typedef {object} Figure
 * @property {object[]} [data] traces
 * @property {{scene?: {camera?: {eye?: {x: number, y: number, z: number}}}}} [layout]
 * @property {{xaxis: FigureAxis, yaxis: FigureAxis, _size: {t: number, h: number}}} [_fullLayout]
 *   once something was drawn; `_size` is that of the plot without its margins, in pixels
 *
 * @typedef {HTMLElement & Figure} FigureElement
 */

/**
 * @typedef {object} FigureAxis
 * @property {number} _offset pixels from the element's side to the axis
 * @property {number} _length in pixels
 * @property {(pixels: number) => number} p2d from pixels along the axis to data
 * @property {(value: number) => number} d2p the other way
 */

/** One for the page, however many stages. @type {Promise<Plotly> | undefined} */
let plotly;

/** @param {string} files path of the stage's files @returns {Promise<Plotly>} fails where it cannot be loaded now */
export function loadPlotly(files) {
  plotly ??= load(`${files}/plotly.js`).catch((error) => {
    plotly = undefined; // the next call tries again
    throw error;
  });
  return plotly;
}

/** @param {string} src @returns {Promise<Plotly>} */
function load(src) {
  const script = Object.assign(document.createElement("script"), { src });
  return new Promise((resolve, reject) => {
    const fail = () => {
      script.remove();
      reject(new Error(`${src} could not be loaded`));
    };
    script.onload = () => {
      const { Plotly } = /** @type {Window & {Plotly?: Plotly}} */ (window);
      if (Plotly) resolve(Plotly);
      else fail();
    };
    script.onerror = fail;
    document.head.append(script);
  });
}
