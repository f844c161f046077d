// Draws the figures of the report: Plotly is unpacked first, so that the file is small.
const text = (id) => document.getElementById(id).textContent;
const { figures, draggable, links, columns } = JSON.parse(text("data"));

const OPTIONS = { responsive: true, displaylogo: false };

async function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function opensRuns(place) {
  place.on("plotly_click", ({ points }) => {
    const link = links[points[0].customdata];
    if (link) window.open(link, "_blank", "noopener");
  });
}

/** Whether a number lies in one of the parts of an axis; null, that of a diverged run, in none. */
function isWithin(parts, value) {
  return value !== null && parts.some(([low, high]) => low <= value && value <= high);
}

/** Shows only those rows of the table whose runs are chosen on all axes. */
function filtersTable(place) {
  const rows = [...document.querySelectorAll(".runs tbody tr")];
  place.on("plotly_restyle", () => {
    const ranges = place.data[0].dimensions.map(({ constraintrange: range }) =>
      range ? (Array.isArray(range[0]) ? range : [range]) : null,
    );
    let shown = 0;
    for (const row of rows) {
      const values = columns.map((column) => column[Number(row.dataset.run)]);
      row.hidden = !ranges.every((range, i) => !range || isWithin(range, values[i]));
      shown += row.hidden ? 0 : 1;
    }
    document.getElementById("count").textContent = String(shown);
  });
}

/** The runs on axes to be dragged; standing still without WebGL, which that needs, or without a run to draw. */
async function drawParallel(place) {
  const hasRuns = draggable.data[0].dimensions[0].values.length > 0;
  if (hasRuns) {
    await Plotly.newPlot(place, draggable.data, draggable.layout, OPTIONS);
    if (!place.querySelector(".no-webgl")) return filtersTable(place);
  }
  const why = hasRuns ? "this browser has no WebGL" : "no run has a loss";
  document.getElementById("how").textContent =
    `The axes cannot be dragged, as ${why}; a click on a line opens its run.`;
  await Plotly.newPlot(place, figures.parallel.data, figures.parallel.layout, OPTIONS);
  opensRuns(place);
}

async function draw() {
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
