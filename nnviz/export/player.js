/** Plays the runs stored in this page: fields, boundaries and losses of some of their epochs. */
"use strict";

(() => {
  const BEND = 0.5523; // control points of a quarter circle drawn as a cubic curve
  const CONFIG = { displayModeBar: false, responsive: true };

  const run = JSON.parse(document.getElementById("run").textContent);
  const [planes, losses, caption, here, play, slider, shown] = [
    "planes", "losses", "caption", "here", "play", "slider", "epoch",
  ].map((id) => document.getElementById(id));

  let at = 0; // the frame shown
  let playing = null; // while playing: the time at which frame 0 would have been shown

  // --- one run ----------------------------------------------------------------------

  /** The plane of a run in its section: what is drawn there, and the probabilities at the pointer. */
  function viewOf(own, section) {
    const [title, plane, tip, note] = ["h2", ".run", ".tip", ".note"].map((name) => section.querySelector(name));
    let pointer = null; // the pointer's position in the plane, in its coordinates and in pixels
    let fields = {}; // the probabilities of one frame: {frame, data}
    let points = null; // the points shown, one of the lists of the run
    let ringsFor = ""; // the plane's size in pixels for which rings were drawn

    const line = (path, layer, width) => ({
      type: "path", path: path || "M0,0", xref: "x", yref: "y", layer, line: { color: run.ink, width },
    });

    /** The parts of the plane that change from frame to frame. */
    function changing({ field, path, rings }) {
      const [x0, x1, y0, y1] = own.edges;
      return {
        images: [{
          source: field, xref: "x", yref: "y", layer: "below", sizing: "stretch",
          x: x0, y: y1, sizex: x1 - x0, sizey: y1 - y0,
        }],
        shapes: [line(path, "between", run.pens.line), line(ringsOf(rings), "above", run.pens.ringLine)],
      };
    }

    /** The places and sizes of the points of a frame, for those traces that the plane has. */
    function traces({ points: index }) {
      const shown = own.points[index].slice(0, own.plane.data.length);
      return { x: shown.map(({ x }) => x), y: shown.map(({ y }) => y), "marker.size": shown.map(({ size }) => size) };
    }

    /** A ring around each point of [x, y, x, y, …], as a path. */
    function ringsOf(points) {
      const axes = plane._fullLayout;
      if (!axes || !points.length) return "";
      ringsFor = pixelsOf(axes);
      const [across, up] = [axes.xaxis, axes.yaxis].map(({ range, _length }) => (run.pens.ring * (range[1] - range[0])) / _length);
      const [a, b] = [BEND * across, BEND * up];
      const parts = [];
      for (let i = 0; i < points.length; i += 2) {
        const [x, y] = [points[i], points[i + 1]];
        const [left, right, low, high] = [x - across, x + across, y - up, y + up];
        parts.push(
          `M${right},${y}C${right},${y + b} ${x + a},${high} ${x},${high}`,
          `C${x - a},${high} ${left},${y + b} ${left},${y}`,
          `C${left},${y - b} ${x - a},${low} ${x},${low}`,
          `C${x + a},${low} ${right},${y - b} ${right},${y}Z`,
        );
      }
      return parts.join("");
    }

    const pixelsOf = ({ xaxis, yaxis }) => `${xaxis._length} ${yaxis._length}`;

    function show() {
      const frame = own.frames[at];
      note.textContent = frame.caption;
      plane.setAttribute("aria-label", `${own.title ? `${own.title}: d` : "D"}ecision boundary at epoch ${frame.epoch}`);
      const isOther = points !== frame.points;
      points = frame.points;
      if (isOther) Plotly.update(plane, traces(frame), changing(frame));
      else Plotly.relayout(plane, changing(frame));
      showProbabilities();
    }

    function point({ clientX, clientY }) {
      const { xaxis, yaxis } = plane._fullLayout;
      const box = plane.getBoundingClientRect();
      const [x, y] = [clientX - box.left - xaxis._offset, clientY - box.top - yaxis._offset];
      const inside = x >= 0 && y >= 0 && x <= xaxis._length && y <= yaxis._length;
      pointer = inside ? { x: xaxis.p2d(x), y: yaxis.p2d(y), left: clientX - box.left, top: clientY - box.top } : null;
      showProbabilities();
    }

    plane.addEventListener("pointermove", point);
    plane.addEventListener("pointerdown", point);
    plane.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType === "touch") return; // a tapped point stays
      pointer = null;
      showProbabilities();
    });

    /** Show the probabilities at the pointer. */
    async function showProbabilities() {
      tip.hidden = !pointer;
      if (!pointer) return;
      if (!("DecompressionStream" in window)) {
        tip.hidden = true;
        here.textContent = "This browser is too old to show the probabilities.";
        return;
      }
      const frame = at;
      if (fields.frame !== frame) {
        const data = await unpacked(own.frames[frame].planes);
        if (frame !== at) return; // another frame is shown by now
        fields = { frame, data };
      }
      if (!pointer) return;
      const values = probabilities(fields.data, pointer);
      const place = `${own.title ? `${own.title}. ` : ""}${own.features[0]} ${number(pointer.x)}, ${own.features[1]} ${number(pointer.y)}`;
      const head = document.createElement("div");
      head.textContent = place;
      tip.replaceChildren(head, ...values.map((value, k) => row(own.classes[k], value)));
      const list = values.map((value, k) => `${own.classes[k].name} ${percent(value)}`).join(", ");
      here.textContent = `${place}: ${list}`;
      const room = plane.clientWidth - tip.offsetWidth;
      const left = pointer.left + 14 > room ? pointer.left - tip.offsetWidth - 14 : pointer.left + 14;
      tip.style.left = `${Math.max(0, Math.min(left, room))}px`;
      tip.style.top = `${Math.max(0, pointer.top - tip.offsetHeight - 10)}px`;
    }

    function row({ name, colour }, value) {
      const [whole, swatch, share] = ["div", "i", "b"].map((tag) => document.createElement(tag));
      swatch.style.background = colour;
      share.textContent = percent(value);
      whole.append(swatch, name, share);
      return whole;
    }

    /** Linear interpolation between grid points; one value per class, with sum 1. */
    function probabilities(data, { x, y }) {
      const { rows, columns, planes: stored } = own.grid;
      const [x0, x1, y0, y1] = own.extent;
      const clamp = (value, last) => Math.min(Math.max(value, 0), last - 1e-9);
      const [u, v] = [clamp(((x - x0) / (x1 - x0)) * (columns - 1), columns - 1), clamp(((y - y0) / (y1 - y0)) * (rows - 1), rows - 1)];
      const [column, line] = [Math.floor(u), Math.floor(v)];
      const values = [];
      for (let k = 0; k < stored; k++) {
        const from = (k * rows + line) * columns + column;
        const below = data[from] + (u - column) * (data[from + 1] - data[from]);
        const above = data[from + columns] + (u - column) * (data[from + columns + 1] - data[from + columns]);
        values.push(below + (v - line) * (above - below));
      }
      if (stored === 1) return [1 - values[0] / 255, values[0] / 255]; // of two classes, the second
      const sum = values.reduce((a, b) => a + b);
      return values.map((value) => value / sum);
    }

    /** Bytes from differences along each row, compressed, in base64. */
    async function unpacked(text) {
      const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
      const data = new Uint8Array(await new Response(stream).arrayBuffer());
      const { columns } = own.grid;
      for (let i = 0; i < data.length; i++) if (i % columns) data[i] += data[i - 1]; // modulo 256
      return data;
    }

    async function draw() {
      title.textContent = own.title ?? "";
      title.hidden = note.hidden = !own.title;
      const { data, layout } = own.plane;
      await Plotly.newPlot(plane, data, { ...layout, ...changing(own.frames[0]) }, { ...CONFIG, staticPlot: true });
      plane.on("plotly_afterplot", () => {
        const moved = ringsFor && ringsFor !== pixelsOf(plane._fullLayout);
        if (moved) Plotly.relayout(plane, changing(own.frames[at])); // rings keep their size in pixels
      });
    }

    return { show, draw };
  }

  const number = (value) => String(Number(value.toPrecision(3))).replace("-", "−");
  const percent = (value) => `${(100 * value).toFixed(1)} %`;

  /** A view of each run; the first one has its section already. */
  const section = planes.firstElementChild;
  const runs = [run, ...(run.others ?? [])];
  const views = runs.map((one, i) => {
    const copy = i ? section.cloneNode(true) : section;
    if (i) for (const part of copy.querySelectorAll("[id]")) part.removeAttribute("id");
    planes.append(copy);
    return viewOf(one, copy);
  });
  document.body.classList.toggle("several", runs.length > 1);

  // --- all of them ------------------------------------------------------------------

  const mark = (epoch) => ({
    shapes: [{ type: "line", xref: "x", yref: "paper", x0: epoch, x1: epoch, y0: 0, y1: 1, line: { color: run.ink, width: 1.5 } }],
  });

  function show(frame) {
    at = Math.min(Math.max(frame, 0), run.frames.length - 1);
    const epoch = Math.max(...runs.map((one) => one.frames[at].epoch)); // a run that has ended stays where it has
    slider.value = at;
    slider.setAttribute("aria-valuetext", `epoch ${epoch}`);
    shown.textContent = `epoch ${epoch}`;
    caption.textContent = runs.length > 1 ? "" : run.frames[at].caption;
    for (const view of views) view.show();
    Plotly.relayout(losses, mark(epoch));
  }

  // --- playing ----------------------------------------------------------------------

  function start() {
    if (at === run.frames.length - 1) show(0); // from the beginning
    playing = performance.now() - (1000 * at) / run.fps;
    label("Pause");
    requestAnimationFrame(next);
  }

  function stop() {
    playing = null;
    label("Play");
  }

  function label(name) {
    play.setAttribute("aria-label", name);
    play.title = `${name} (space)`;
    play.classList.toggle("playing", name === "Pause");
  }

  function next(now) {
    if (playing === null) return;
    const frame = Math.floor(((now - playing) * run.fps) / 1000);
    if (frame > at) show(frame);
    if (at === run.frames.length - 1) stop();
    else requestAnimationFrame(next);
  }

  function go(frame) {
    stop();
    show(frame);
  }

  play.addEventListener("click", () => (playing === null ? start() : stop()));
  slider.addEventListener("input", () => go(Number(slider.value)));

  const KEYS = {
    " ": () => play.click(),
    ArrowLeft: () => go(at - 1),
    ArrowRight: () => go(at + 1),
    Home: () => go(0),
    End: () => go(run.frames.length - 1),
  };

  document.addEventListener("keydown", (event) => {
    const own = event.target === slider ? event.key !== " " : event.target === play && event.key === " ";
    if (own || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  // --- first frame ------------------------------------------------------------------

  const { data, layout } = run.losses;
  Promise.all([
    ...views.map((view) => view.draw()),
    Plotly.newPlot(losses, data, { ...layout, ...mark(run.frames[0].epoch) }, CONFIG),
  ]).then(() => {
    show(0);
    document.body.dataset.ready = "true";
  });
})();
