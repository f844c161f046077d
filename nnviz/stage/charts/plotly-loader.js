/** Plotly, as a script of this server. */

/** One for the page, however many stages. @type {Promise<object> | undefined} */
let plotly;

/** @param {string} base of the server @returns {Promise<object>} fails where it cannot be loaded now */
export function loadPlotly(base) {
  plotly ??= load(`${base}/stage/plotly.js`).catch((error) => {
    plotly = undefined; // the next try loads again
    throw error;
  });
  return plotly;
}

function load(src) {
  const script = Object.assign(document.createElement("script"), { src });
  return new Promise((resolve, reject) => {
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      script.remove();
      reject(new Error(`${src} could not be loaded`));
    };
    document.head.append(script);
  });
}
