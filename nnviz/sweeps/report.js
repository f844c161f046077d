// Draws the figures of the report: Plotly is unpacked first, so that the file is small.
const text = (id) => document.getElementById(id).textContent;
const { figures, links, columns } = JSON.parse(text("data"));

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
      row.hidden = !ranges.every(
        (range, i) => !range || range.some(([low, high]) => low <= values[i] && values[i] <= high),
      );
      shown += row.hidden ? 0 : 1;
    }
    document.getElementById("count").textContent = String(shown);
  });
}

async function draw() {
  const script = document.createElement("script");
  script.textContent = await unpacked(text("plotly"));
  document.head.append(script);
  for (const [id, figure] of Object.entries(figures)) {
    const place = document.getElementById(id);
    await Plotly.newPlot(place, figure.data, figure.layout, { responsive: true, displaylogo: false });
    if (id === "parallel") filtersTable(place);
    else opensRuns(place);
  }
  document.body.dataset.drawn = "true";
}

draw();
