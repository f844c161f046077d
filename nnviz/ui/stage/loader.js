/** Plotly, as a script of this server. */

let plotly; // one for the page, however many stages

/** @param {string} base of the server @returns {Promise<object>} */
export function loadPlotly(base) {
  plotly ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: `${base}/stage/plotly.js` });
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(script);
  });
  return plotly;
}
