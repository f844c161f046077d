/** Colours of Streamlit's theme, as Plotly and the painter need them. */

/** @typedef {{ink: string, paper: string, grid: string, font: string}} PageTheme colours as CSS writes them, and a font family */

/** @typedef {{height: number, [attribute: string]: unknown}} PlotlyLayout */

/**
 * @param {HTMLElement} element inside the component
 * @param {boolean} isStrong whether the ink is to be as black, or as white, as can be
 * @returns {PageTheme}
 */
export function themeOf(element, isStrong = false) {
  const style = getComputedStyle(element);
  const paper = rgb(style.getPropertyValue("--st-background-color") || "#ffffff");
  const own = rgb(style.getPropertyValue("--st-text-color") || "#141312");
  const ink = isStrong ? own.map((channel, i) => (channel < paper[i] ? 0 : 255)) : own;
  const share = isStrong ? 0.3 : 0.15;
  return {
    ink: css(ink),
    paper: css(paper),
    grid: css(paper.map((channel, i) => Math.round((1 - share) * channel + share * ink[i]))),
    font: style.fontFamily,
  };
}

/**
 * The properties that Streamlit gives to its components, for what stands outside of them.
 * @param {HTMLElement} app all of Streamlit's page @param {{[theme: string]: string}} accents its primary colours
 * @returns {string} CSS
 */
export function pageStyle(app, accents) {
  const { color, backgroundColor } = getComputedStyle(app);
  const [ink, paper] = [rgb(color), rgb(backgroundColor)];
  const properties = {
    "text-color": css(ink),
    "background-color": css(paper),
    "border-color": `rgba(${ink.join(", ")}, 0.2)`,
    "primary-color": accents[themeName({ paper: css(paper) })],
  };
  return Object.entries(properties).map(([name, value]) => `--st-${name}: ${value};`).join(" ");
}

/** The name of a theme as pictures have it. @param {{paper: string}} theme @returns {"light" | "dark"} */
export function themeName({ paper }) {
  const [red, green, blue] = (paper.match(/\d+/g) ?? []).map(Number);
  return 0.3 * red + 0.59 * green + 0.11 * blue < 128 ? "dark" : "light";
}

/**
 * Call `changed` when the theme changes.
 * @param {HTMLElement} element @param {() => void} changed @param {AbortSignal} signal stops watching
 */
export function watchTheme(element, changed, signal) {
  let last = JSON.stringify(themeOf(element));
  const look = () => {
    const now = JSON.stringify(themeOf(element));
    if (now === last) return;
    last = now;
    changed();
  };
  const observer = new MutationObserver(look);
  for (let up = element.parentElement; up; up = up.parentElement) {
    observer.observe(up, { attributes: true, attributeFilter: ["style", "class"] });
  }
  signal.addEventListener("abort", () => observer.disconnect());
}

/** A layout in the colours of the page. @param {PlotlyLayout} layout @param {PageTheme} theme */
export function themed(layout, { ink, paper, grid, font }) {
  const lines = { gridcolor: grid, linecolor: grid, zerolinecolor: grid, automargin: true };
  const axes = Object.entries(layout)
    .filter(([name]) => /^[xy]axis\d*$/.test(name))
    .map(([name, axis]) => [name, { ...lines, .../** @type {object} */ (axis) }]);
  return {
    ...layout,
    ...Object.fromEntries(axes),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, color: ink, size: 13 },
    hoverlabel: { bgcolor: paper, font: { color: ink } },
  };
}

/** @param {string} colour any CSS colour @returns {number[]} */
function rgb(colour) {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("the browser has no 2D canvas");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** @param {number[]} channels */
const css = (channels) => `rgb(${channels.join(", ")})`;
