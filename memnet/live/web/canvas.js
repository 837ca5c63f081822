// Draws the same layers on a plain canvas, where graphics are software anyway: a processor that plays a graphics card is
// tens of times slower than one that knows which disc each pixel is of.

import { css } from "./colours.js";

// More discs than these are drawn pixel by pixel.
const MANY = 3000;
const SMALLEST = 0.6; // radius (pixels)

export class CanvasPainter {
  constructor(canvas) {
    this.name = "canvas";
    this.context = canvas.getContext("2d");
    this.pictures = new Map();
  }

  /** Draw layers from the lowest to the highest. */
  draw(camera, layers, ratio) {
    const { context } = this;
    const [width, height] = camera.size;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, Math.round(width * ratio), Math.round(height * ratio));
    for (const layer of layers) {
      if (!layer.shown) continue;
      context.setTransform(1, 0, 0, 1, 0, 0);
      if (layer.shape === "line" || layer.colour.length <= MANY) {
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        this.drawShapes(camera, layer);
      } else this.drawPixels(camera, layer, ratio);
    }
  }

  /** Draw what has one colour in one stroke. */
  drawShapes(camera, layer) {
    const { context } = this;
    for (const [colour, members] of byColour(layer)) {
      context.beginPath();
      if (layer.shape === "line") {
        context.strokeStyle = css(colour);
        context.lineWidth = layer.size[members[0]];
        for (const k of members) this.line(camera, layer.place, k);
        context.stroke();
      } else {
        context.fillStyle = css(colour);
        for (const k of members) this.spot(camera, layer, k);
        context.fill();
      }
    }
  }

  line(camera, place, k) {
    this.context.moveTo(...camera.toScreen(place[4 * k], place[4 * k + 1]));
    this.context.lineTo(...camera.toScreen(place[4 * k + 2], place[4 * k + 3]));
  }

  spot(camera, layer, k) {
    const [x, y] = camera.toScreen(layer.place[2 * k], layer.place[2 * k + 1]);
    const radius = Math.max(SMALLEST, layer.size[k] * camera.scale);
    if (layer.shape === "square") this.context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else {
      this.context.moveTo(x + radius, y);
      this.context.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }

  drawPixels(camera, layer, ratio) {
    let picture = this.pictures.get(layer);
    if (!picture) this.pictures.set(layer, (picture = new Pixels(layer)));
    picture.aim(camera, ratio);
    picture.paint();
    this.context.drawImage(picture.canvas, 0, 0);
  }

  /** Wait until everything is drawn: for those that measure. */
  finish() {
    this.context.getImageData(0, 0, 1, 1);
  }

  release() {
    this.pictures.clear();
  }
}

/** Many discs or squares as pixels that know whose they are. */
class Pixels {
  constructor(layer) {
    this.layer = layer;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.aimed = "";
    this.version = -1;
  }

  /** Find whose each pixel is, where the camera has moved. */
  aim(camera, ratio) {
    const [width, height] = camera.size.map((length) => Math.round(length * ratio));
    const aimed = [width, height, camera.scale, ...camera.middle].join();
    if (aimed === this.aimed) return;
    this.aimed = aimed;
    this.version = -1;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = this.context.createImageData(width, height);
    this.colours = new Uint32Array(this.image.data.buffer);
    this.owner = new Int32Array(width * height); // number + 1, 0 where there is none
    const { place, size, shape } = this.layer;
    const scale = camera.scale * ratio;
    for (let k = 0; k < size.length; k += 1) {
      const x = width / 2 + (place[2 * k] - camera.middle[0]) * scale - 0.5;
      const y = height / 2 - (place[2 * k + 1] - camera.middle[1]) * scale - 0.5;
      this.fill(k + 1, x, y, Math.max(SMALLEST, size[k] * scale), shape === "square");
    }
  }

  /** Give the pixels of a disc their owner; the rows of a square are as wide as it is high. */
  fill(owner, x, y, radius, square) {
    const { width, height } = this.canvas;
    const last = Math.min(height - 1, Math.floor(y + radius));
    for (let row = Math.max(0, Math.ceil(y - radius)); row <= last; row += 1) {
      const half = square ? radius : Math.sqrt(Math.max(0, radius * radius - (row - y) * (row - y)));
      const from = Math.max(0, Math.ceil(x - half));
      const to = Math.min(width - 1, Math.floor(x + half));
      if (from <= to) this.owner.fill(owner, row * width + from, row * width + to + 1);
    }
  }

  /** Give each pixel the colour that its owner has now. */
  paint() {
    if (this.version === this.layer.version) return;
    this.version = this.layer.version;
    const { owner, colours } = this;
    const { colour } = this.layer;
    for (let k = 0; k < owner.length; k += 1) colours[k] = owner[k] === 0 ? 0 : colour[owner[k] - 1];
    this.context.putImageData(this.image, 0, 0);
  }
}

/** Return the members of each colour that is seen; lines of one colour have one width. */
function byColour(layer) {
  const found = new Map();
  for (let k = 0; k < layer.colour.length; k += 1) {
    if (layer.colour[k] >>> 24 === 0) continue;
    const members = found.get(layer.colour[k]);
    if (members) members.push(k);
    else found.set(layer.colour[k], [k]);
  }
  return found;
}
