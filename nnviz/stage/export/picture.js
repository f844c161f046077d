/** A picture of the moment: the server draws it as a Plotly figure, the browser makes the file. */

import { one } from "../controls/elements.js";
import { offer } from "./form-fields.js";
import { blobOfUrl, copyPicture, copyText, save } from "./files.js";

/**
 * @typedef {object} PictureFormFields of the form, by their names
 * @property {HTMLSelectElement} picture
 * @property {HTMLSelectElement} format
 * @property {HTMLSelectElement} scale
 * @property {HTMLSelectElement} theme
 * @property {HTMLInputElement} captioned
 * @property {HTMLTextAreaElement} caption
 *
 * @typedef {{caption: string, size: [width: number, height: number], name: string}} PictureHeader
 * @typedef {{header: PictureHeader, figure: object}} Drawn a figure of Plotly, as the server has drawn it
 */

/**
 * What Plotly can make, by its name for it. Only raster pictures have a scale.
 * @type {Object<string, {label: string, suffix: string, isRaster: boolean}>}
 */
const FORMATS = {
  png: { label: "PNG", suffix: "png", isRaster: true },
  svg: { label: "SVG (vector)", suffix: "svg", isRaster: false },
  webp: { label: "WebP", suffix: "webp", isRaster: true },
  jpeg: { label: "JPEG", suffix: "jpg", isRaster: true },
};
const SCALES = [1, 2, 3, 4];
const TYPED = 300; // ms after the last letter before the caption is drawn

const rows = Object.entries(FORMATS).map(([name, { label }]) => ({ name, label }));

export class PicturePanel {
  /** The caption that the user has typed; null for that of the moment. @type {string?} */
  ownCaption = null;
  isThemeChosen = false; // by the user; else it is the theme of the page
  /** What is exported, as JSON. @type {string | undefined} */
  moment;
  /** The request of the preview that is shown or under way, as JSON. @type {string | undefined} */
  requested;
  /** The reply to that request. @type {Promise<Drawn>} */
  drawn;
  /** The timer until the typed caption is drawn. @type {number | undefined} */
  timer;

  /** @param {HTMLElement} element with a form @param {import("./dialog.js").ExportDialog} dialog */
  constructor(element, dialog) {
    this.element = element;
    this.dialog = dialog;
    this.fields = /** @type {HTMLFormControlsCollection & PictureFormFields} */ (one(element, "form", HTMLFormElement).elements);
    this.image = one(element, "img", HTMLImageElement);
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
    this.button("copy").addEventListener("click", () => dialog.attempt(() => this.copy()), { signal });
    this.button("own").addEventListener("click", () => this.restoreCaption(), { signal });
    this.fields.theme.addEventListener("change", () => {
      this.isThemeChosen = true;
    }, { signal });
  }

  /** @param {string} name */
  button(name) {
    return one(this.element, `[data-export=${name}]`, HTMLButtonElement);
  }

  /** Another moment has another caption; for the same one, the caption that was typed stays. */
  renew() {
    this.requested = undefined;
    const { epoch, recipe } = this.dialog.source.moment();
    const moment = JSON.stringify([epoch, recipe]);
    if (moment !== this.moment) this.ownCaption = null;
    this.moment = moment;
    if (!this.isThemeChosen) this.fields.theme.value = this.dialog.source.theme();
  }

  /** Show the preview anew, if anything was changed. */
  async show() {
    clearTimeout(this.timer);
    const { format, captioned, caption, scale } = this.fields;
    caption.disabled = !captioned.checked;
    scale.disabled = !FORMATS[format.value].isRaster;
    this.button("own").disabled = this.ownCaption === null || !captioned.checked;
    const request = this.request();
    if (this.requested === JSON.stringify(request)) return;
    this.requested = JSON.stringify(request);
    this.drawn = this.draw(request);
    this.drawn.catch(() => {}); // the preview shows the error, and so do download and copy
    this.image.parentElement.setAttribute("aria-busy", "true");
    await this.dialog.attempt(() => this.preview(this.requested));
    this.image.parentElement.setAttribute("aria-busy", "false");
  }

  request() {
    const { picture, theme, captioned } = this.fields;
    const own = this.ownCaption === null ? {} : { caption: this.ownCaption };
    return {
      what: "picture", picture: picture.value, theme: theme.value, ...this.dialog.lookFields,
      ...this.dialog.source.camera(), ...(captioned.checked ? own : { caption: "" }),
    };
  }

  /** @param {import("./queue.js").ExportRequest} request @returns {Promise<Drawn>} */
  async draw(request) {
    try {
      const { header, file } = await this.dialog.source.request(request);
      return { header: /** @type {PictureHeader} */ (header), figure: JSON.parse(new TextDecoder().decode(file)) };
    } catch (error) {
      this.requested = undefined; // so that the next `show` tries again
      throw error;
    }
  }

  /** @param {string | undefined} requested */
  async preview(requested) {
    const { header } = await this.drawn;
    const url = await this.render("svg", 1);
    if (requested !== this.requested) return; // another one was chosen meanwhile
    const { picture, caption, scale } = this.fields;
    Object.assign(this.image, { src: url, alt: `Preview: ${picture.selectedOptions[0].label}`, hidden: false });
    if (this.ownCaption === null) caption.value = header.caption;
    const [width, height] = header.size;
    for (const option of scale.options) {
      const times = Number(option.value);
      option.label = `${times}× · ${width * times} × ${height * times} pixels`;
    }
  }

  /**
   * @param {string} format @param {number} scale
   * @returns {Promise<string>} the picture as a data URL
   */
  async render(format, scale) {
    const [plotly, { header, figure }] = [await this.dialog.plotly(), await this.drawn];
    const [width, height] = header.size;
    return plotly.toImage(figure, { format, width, height, scale });
  }

  /** The picture in the size chosen. @returns {Promise<Blob>} */
  async file(format = this.fields.format.value) {
    await this.show(); // with what was typed last
    const { isRaster } = FORMATS[format];
    return blobOfUrl(await this.render(format, isRaster ? Number(this.fields.scale.value) : 1));
  }

  async download() {
    const format = this.fields.format.value;
    const blob = await this.file(format);
    const { header } = await this.drawn;
    const name = header.name.replace(/\.json$/, `.${FORMATS[format].suffix}`);
    save(blob, name);
    this.dialog.showMessage(`Saved ${name}.`);
  }

  /** SVG as text, all else as PNG: clipboards hold no other pictures. */
  async copy() {
    const isVector = !FORMATS[this.fields.format.value].isRaster;
    if (isVector) await copyText(await (await this.file("svg")).text());
    else await copyPicture(this.file("png"));
    this.dialog.showMessage(isVector ? "SVG copied as text." : "Picture copied, as PNG.");
  }

  type() {
    this.ownCaption = this.fields.caption.value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), TYPED);
  }

  restoreCaption() {
    this.ownCaption = null;
    this.show();
    this.fields.caption.focus(); // the button is disabled now
  }

  stop() {
    clearTimeout(this.timer);
  }
}
