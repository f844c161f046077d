// Draws the figures of the report: Plotly is unpacked first, so that the file is small.
const text = (id) => document.getElementById(id).textContent;
const { figures, draggable, links, texts, experiments, columns } = JSON.parse(text("data"));

const OPTIONS = { responsive: true, displaylogo: false };
const NEAR = 6; // pixels beside a line that count as on it
const OPENS = "Click to open the run.";
const SAVES = "Click to save the run as a file.";
const PADDING = 2; // pixels that Plotly leaves at both ends of a parallel axis

async function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

// --- runs to be opened --------------------------------------------------------------------

/** Places among the experiments, of runs that no link holds. */
const places = new Map(experiments.runs.map((run, place) => [run, place]));
const isUnlinked = (run) => places.has(run);

/** The link of a run, with all that links share. */
const linkOf = (run) =>
  Object.entries(texts).reduce((link, [digest, whole]) => link.replace(digest, whole), links[run]);

function openRun(run) {
  if (isUnlinked(run)) saveRun(run);
  else if (links[run]) window.open(linkOf(run), "_blank", "noopener");
}

function opensRuns(place) {
  place.on("plotly_click", ({ points }) => openRun(points[0].customdata));
}

/** The experiment file of a run. */
function experimentOf(run) {
  const place = places.get(run);
  const fields = Object.entries(experiments.columns).map(([name, [values, own]]) => [name, values[own[place]]]);
  const { nnviz, epoch, ...recipe } = Object.fromEntries(fields); // JSON leaves out what is undefined
  return { name: experiments.names[place], text: JSON.stringify({ nnviz, epoch, recipe }) };
}

function saveRun(run) {
  const { name, text } = experimentOf(run);
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser has read it by then
  const [page] = links[run].split("?");
  const link = Object.assign(document.createElement("a"), { href: page, target: "_blank", rel: "noopener", textContent: "the page" });
  document.getElementById("saved").replaceChildren(`Saved ${name}: drop it on the plot of `, link, " to open the run.");
}

/** Gives links to runs what they share; those of runs that no link holds save a file. */
function completeLinks() {
  const runs = new Map(links.map((link, run) => [link, run]));
  for (const anchor of document.querySelectorAll("a[href]")) {
    const run = runs.get(anchor.getAttribute("href"));
    if (run === undefined) continue;
    anchor.href = linkOf(run);
    if (!isUnlinked(run)) continue;
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      saveRun(run);
    });
    if (anchor.textContent === "open") anchor.textContent = "save";
  }
}

// --- runs on axes to be dragged -----------------------------------------------------------

/** Whether a run is chosen on all axes; null, the number of a diverged run, is in no part of one. */
function isChosen(axes, run) {
  return axes.every(({ label, constraintrange: range }) => {
    if (!range) return true;
    const value = columns[label][run];
    const parts = Array.isArray(range[0]) ? range : [range];
    return value !== null && parts.some(([low, high]) => low <= value && value <= high);
  });
}

/** Shows only those rows of the table whose runs are chosen on all axes. */
function filtersTable(place) {
  const rows = [...document.querySelectorAll(".runs tbody tr")];
  place.on("plotly_restyle", () => {
    for (const row of rows) row.hidden = !isChosen(place.data[0].dimensions, Number(row.dataset.run));
    const shown = rows.filter((row) => !row.hidden);
    document.getElementById("count").textContent = String(shown.length);
  });
}

/**
 * The run whose line is nearest to a point, in pixels from the top left end of the axes, which are so
 * wide and high; of those chosen. undefined where no line is near.
 */
function runAt({ dimensions: axes, customdata: runs }, x, y, width, height) {
  const gap = width / (axes.length - 1);
  const left = Math.min(Math.max(Math.floor(x / gap), 0), axes.length - 2);
  const pixel = ({ label, range: [low, high] }, run) =>
    height - PADDING - ((columns[label][run] - low) / (high - low)) * (height - 2 * PADDING);
  let [found, nearest] = [undefined, NEAR];
  for (const run of runs) {
    const [start, end] = [pixel(axes[left], run), pixel(axes[left + 1], run)];
    const slope = (end - start) / gap;
    const distance = Math.abs(y - start - slope * (x - left * gap)) / Math.hypot(1, slope);
    if (distance < nearest && isChosen(axes, run)) [found, nearest] = [run, distance];
  }
  return found;
}

/** The values of a run on all axes as text. */
function described(axes, run) {
  return axes.map(({ label, ticktext }) => {
    const value = columns[label][run];
    return `${label} ${ticktext ? ticktext[value] : Number(value.toPrecision(4))}`;
  });
}

/** A click on a line opens its run, of which a label tells while the pointer is near. */
function opensLines(place) {
  const label = Object.assign(document.createElement("div"), { className: "run-label", hidden: true });
  place.append(label);
  const runUnder = ({ target, clientX, clientY }) => {
    if (!target.matches(".gl-canvas")) return undefined; // an axis or its title, to be dragged
    const { l, t, w, h } = place._fullLayout._size;
    const { left, top } = place.getBoundingClientRect();
    return runAt(place.data[0], clientX - left - l, clientY - top - t, w, h);
  };
  place.addEventListener("pointermove", (event) => {
    const run = runUnder(event);
    label.hidden = run === undefined;
    place.classList.toggle("on-line", !label.hidden);
    if (label.hidden) return;
    label.textContent = [...described(place.data[0].dimensions, run), isUnlinked(run) ? SAVES : OPENS].join("\n");
    const { left, top, width } = place.getBoundingClientRect();
    const x = event.clientX - left;
    label.style.left = `${x < width / 2 ? x + 14 : x - 14 - label.offsetWidth}px`;
    label.style.top = `${event.clientY - top + 14}px`;
  });
  place.addEventListener("pointerleave", () => (label.hidden = true));
  place.addEventListener("click", (event) => {
    const run = runUnder(event);
    if (run !== undefined) openRun(run);
  });
}

/** The runs on axes to be dragged; standing still without WebGL, which that needs, or without a run to draw. */
async function drawParallel(place) {
  const hasRuns = draggable.data[0].dimensions[0].values.length > 0;
  if (hasRuns) {
    await Plotly.newPlot(place, draggable.data, draggable.layout, OPTIONS);
    if (!place.querySelector(".no-webgl")) {
      filtersTable(place);
      return opensLines(place);
    }
  }
  const why = hasRuns ? "this browser has no WebGL" : "no run has a loss";
  document.getElementById("how").textContent = `The axes cannot be dragged, as ${why}.`;
  await Plotly.newPlot(place, figures.parallel.data, figures.parallel.layout, OPTIONS);
  opensRuns(place);
}

// --- all of it ----------------------------------------------------------------------------

async function draw() {
  completeLinks();
  const script = document.createElement("script");
  script.textContent = await unpacked(text("plotly"));
  document.head.append(script);
  for (const [id, figure] of Object.entries(figures)) {
    const place = document.getElementById(id);
    if (id === "parallel") {
      await drawParallel(place);
      continue;
    }
    await Plotly.newPlot(place, figure.data, figure.layout, OPTIONS);
    opensRuns(place);
  }
  document.body.dataset.drawn = "true";
}

draw();
