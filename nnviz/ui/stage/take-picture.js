/** A picture of the moment: the server draws it as a Plotly figure, the browser makes the file. */

import { offer } from "./take-choices.js";
import { blobOf, copyPicture, copyText, save } from "./take-files.js";

/** What Plotly can make, by its name for it. Only pixels have a scale. */
const FORMATS = {
  png: { label: "PNG", suffix: "png", isRaster: true },
  svg: { label: "SVG (vector)", suffix: "svg", isRaster: false },
  webp: { label: "WebP", suffix: "webp", isRaster: true },
  jpeg: { label: "JPEG", suffix: "jpg", isRaster: true },
};
const SCALES = [1, 2, 3, 4];
const TYPED = 300; // ms without another letter before the caption is drawn

const rows = Object.entries(FORMATS).map(([name, { label }]) => ({ name, label }));

export class PicturePanel {
  /** @param {HTMLElement} element with a form @param {import("./take-dialog.js").TakeDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.fields = element.querySelector("form").elements;
    this.image = element.querySelector("img");
    const { source } = dialog;
    const { signal } = source;
    const { pictures, themes } = source.choices();
    offer(this.fields.picture, pictures);
    offer(this.fields.format, rows);
    offer(this.fields.theme, themes);
    offer(this.fields.scale, SCALES.map((scale) => ({ name: String(scale), label: `${scale}×` })));
    this.fields.scale.value = "2";
    element.addEventListener("change", () => this.show(), { signal });
    element.addEventListener("input", ({ target }) => target === this.fields.caption && this.type(), { signal });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.attempt(() => this.download());
    }, { signal });
    this.part("copy").addEventListener("click", () => dialog.attempt(() => this.copy()), { signal });
    this.part("own").addEventListener("click", () => this.forgetWords(), { signal });
    this.fields.theme.addEventListener("change", () => {
      this.themeIsChosen = true;
    }, { signal });
  }

  part(name) {
    return this.element.querySelector(`[data-take=${name}]`);
  }

  /** Another moment has words of its own; the same one keeps those people have typed. */
  renew() {
    this.wanted = undefined;
    const { epoch, recipe } = this.dialog.source.moment();
    const moment = JSON.stringify([epoch, recipe]);
    if (moment !== this.moment) this.words = null;
    this.moment = moment;
    if (!this.themeIsChosen) this.fields.theme.value = this.dialog.source.theme();
  }

  /** The preview, if anything was chosen anew. */
  async show() {
    clearTimeout(this.timer);
    const { format, captioned, caption, scale } = this.fields;
    caption.disabled = !captioned.checked;
    scale.disabled = !FORMATS[format.value].isRaster;
    this.part("own").disabled = this.words === null || !captioned.checked;
    const request = this.request();
    if (this.wanted === JSON.stringify(request)) return;
    this.wanted = JSON.stringify(request);
    this.drawn = this.draw(request);
    this.drawn.catch(() => {}); // told below, and to whoever saves it
    this.image.parentElement.setAttribute("aria-busy", "true");
    await this.dialog.attempt(() => this.preview(this.wanted));
    this.image.parentElement.setAttribute("aria-busy", "false");
  }

  request() {
    const { picture, theme, captioned } = this.fields;
    const own = this.words === null ? {} : { caption: this.words };
    return {
      what: "picture", picture: picture.value, theme: theme.value, ...this.dialog.sight,
      ...this.dialog.source.charts(), ...(captioned.checked ? own : { caption: "" }),
    };
  }

  async draw(request) {
    try {
      const { header, file } = await this.dialog.source.take(request);
      return { header, figure: JSON.parse(new TextDecoder().decode(file)) };
    } catch (error) {
      this.wanted = undefined; // to be tried again
      throw error;
    }
  }

  async preview(wanted) {
    const { header } = await this.drawn;
    const url = await this.render("svg", 1);
    if (wanted !== this.wanted) return; // overtaken
    const { picture, caption, scale } = this.fields;
    Object.assign(this.image, { src: url, alt: `Preview: ${picture.selectedOptions[0].label}`, hidden: false });
    if (this.words === null) caption.value = header.caption;
    const [width, height] = header.size;
    for (const option of scale.options) {
      option.label = `${option.value}× · ${width * option.value} × ${height * option.value} pixels`;
    }
  }

  /** @returns {Promise<string>} the picture as a URL */
  async render(format, scale) {
    const [plotly, { header, figure }] = [await this.dialog.plotly(), await this.drawn];
    const [width, height] = header.size;
    return plotly.toImage(figure, { format, width, height, scale });
  }

  /** @returns {Promise<Blob>} the file as it is chosen */
  async file(format = this.fields.format.value) {
    await this.show(); // what was typed last
    const { isRaster } = FORMATS[format];
    return blobOf(await this.render(format, isRaster ? Number(this.fields.scale.value) : 1));
  }

  async download() {
    const format = this.fields.format.value;
    const blob = await this.file(format);
    const { header } = await this.drawn;
    const name = header.name.replace(/\.json$/, `.${FORMATS[format].suffix}`);
    save(blob, name);
    this.dialog.say(`Saved ${name}.`);
  }

  /** SVG as text, all else as PNG: clipboards take no other pictures. */
  async copy() {
    const isVector = !FORMATS[this.fields.format.value].isRaster;
    if (isVector) await copyText(await (await this.file("svg")).text());
    else await copyPicture(this.file("png"));
    this.dialog.say(isVector ? "SVG copied as text." : "Picture copied, as PNG.");
  }

  type() {
    this.words = this.fields.caption.value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), TYPED);
  }

  forgetWords() {
    this.words = null;
    this.show();
    this.fields.caption.focus(); // the button has nothing more to do
  }

  stop() {
    clearTimeout(this.timer);
  }
}
