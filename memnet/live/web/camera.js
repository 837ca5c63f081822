// Which part of the map is seen: its middle and how long a unit of length is on the screen.

const MOST_ZOOM = 2000;
const ROOM = 14;

export class Camera {
  constructor(box) {
    this.box = box;
    this.size = [1, 1];
    this.zoom = 1;
    this.middle = [0, 0];
    this.fit();
  }

  /** Show the whole map. */
  fit() {
    const [x0, y0, x1, y1] = this.box;
    this.middle = [(x0 + x1) / 2, (y0 + y1) / 2];
    this.zoom = 1;
  }

  resize(width, height) {
    this.size = [width, height];
  }

  /** Pixels of the screen a unit of length. */
  get scale() {
    const [x0, y0, x1, y1] = this.box;
    const [width, height] = this.size;
    const across = Math.max(1, width - 2 * ROOM) / Math.max(x1 - x0, 1e-12);
    const along = Math.max(1, height - 2 * ROOM) / Math.max(y1 - y0, 1e-12);
    return this.zoom * Math.min(across, along);
  }

  toScreen(x, y) {
    const { scale } = this;
    return [this.size[0] / 2 + (x - this.middle[0]) * scale, this.size[1] / 2 - (y - this.middle[1]) * scale];
  }

  toMap(left, top) {
    const { scale } = this;
    return [this.middle[0] + (left - this.size[0] / 2) / scale, this.middle[1] - (top - this.size[1] / 2) / scale];
  }

  /** Move what is seen by pixels of the screen. */
  pan(right, down) {
    const { scale } = this;
    this.middle = [this.middle[0] - right / scale, this.middle[1] + down / scale];
  }

  /** Zoom by a factor around a place on the screen. */
  zoomAt(factor, left = this.size[0] / 2, top = this.size[1] / 2) {
    const [x, y] = this.toMap(left, top);
    this.zoom = Math.min(MOST_ZOOM, Math.max(0.5, this.zoom * factor));
    const [nowX, nowY] = this.toMap(left, top);
    this.middle = [this.middle[0] + x - nowX, this.middle[1] + y - nowY];
  }
}
