// Currents of the electrodes over time, and their voltages below: the last rows, whatever a run is long.

import { TRACES, quantity } from "./colours.js";

// Rows that are kept, as many as Python keeps (memnet/live/_player.py).
export const MOST_ROWS = 8192;
const MARGIN = { left: 74, right: 10, top: 6, bottom: 20, between: 10 };
// The part of the height that the voltages have.
const BELOW = 0.3;

export class Trace {
  constructor(canvas, names) {
    this.context = canvas.getContext("2d");
    this.names = names;
    this.width = 1 + 2 * names.length;
    this.rows = new Float64Array(MOST_ROWS * this.width);
    this.clear();
  }

  clear() {
    this.first = 0; // the place of the oldest row in the ring
    this.length = 0;
  }

  /** Add rows of time, currents and voltages; the oldest go. */
  add(values, from = 0) {
    for (let k = from; k < values.length / this.width; k += 1) {
      const row = values.subarray(k * this.width, (k + 1) * this.width);
      this.rows.set(row, ((this.first + this.length) % MOST_ROWS) * this.width);
      if (this.length < MOST_ROWS) this.length += 1;
      else this.first = (this.first + 1) % MOST_ROWS;
    }
  }

  /** Return a number of a row, counted from the oldest one. */
  at(row, column) {
    return this.rows[((this.first + row) % MOST_ROWS) * this.width + column];
  }

  draw(size, ratio, colours) {
    const { context } = this;
    const [width, height] = size;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = "11px system-ui, sans-serif";
    const high = height - MARGIN.top - MARGIN.bottom - MARGIN.between;
    const above = { top: MARGIN.top, height: high * (1 - BELOW), unit: "A", first: 1 };
    const below = { top: MARGIN.top + high * (1 - BELOW) + MARGIN.between, height: high * BELOW, unit: "V" };
    below.first = 1 + this.names.length;
    const across = { left: MARGIN.left, width: Math.max(1, width - MARGIN.left - MARGIN.right) };
    for (const part of [above, below]) this.drawPart({ ...part, ...across }, colours);
    this.drawTimes({ ...across, top: height - MARGIN.bottom }, colours);
  }

  drawPart(part, colours) {
    const { context } = this;
    const [low, high] = this.range(part.first);
    context.strokeStyle = colours.line;
    context.strokeRect(part.left + 0.5, part.top + 0.5, part.width, part.height);
    context.fillStyle = colours.text;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(quantity(high, part.unit, 3), part.left - 6, part.top + 6);
    if (part.height > 24) context.fillText(quantity(low, part.unit, 3), part.left - 6, part.top + part.height - 5);
    if (this.length < 2) return;
    for (let k = 0; k < this.names.length; k += 1) {
      context.strokeStyle = TRACES[k % TRACES.length];
      this.drawCurve(part, part.first + k, low, high);
    }
  }

  /** Draw one curve; of many rows at one pixel the least and the greatest. */
  drawCurve(part, column, low, high) {
    const { context } = this;
    const y = (value) => part.top + part.height * (1 - (value - low) / (high - low || 1));
    const per = Math.max(1, Math.floor(this.length / part.width));
    context.beginPath();
    for (let row = 0; row < this.length; row += per) {
      let [least, most] = [Infinity, -Infinity];
      for (let k = row; k < Math.min(row + per, this.length); k += 1) {
        const value = this.at(k, column);
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (least > most) continue;
      const x = part.left + (part.width * row) / (this.length - 1);
      context.lineTo(x, y(most));
      if (least < most) context.lineTo(x, y(least));
    }
    context.stroke();
  }

  drawTimes(part, colours) {
    if (!this.length) return;
    const { context } = this;
    context.fillStyle = colours.text;
    context.textBaseline = "top";
    context.textAlign = "left";
    context.fillText(quantity(this.at(0, 0), "s"), part.left, part.top + 5);
    context.textAlign = "right";
    context.fillText(quantity(this.at(this.length - 1, 0), "s"), part.left + part.width, part.top + 5);
  }

  range(first) {
    let [low, high] = [Infinity, -Infinity];
    for (let row = 0; row < this.length; row += 1) {
      for (let k = first; k < first + this.names.length; k += 1) {
        const value = this.at(row, k);
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    if (!(low <= high)) return [0, 1];
    const room = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1;
    return [low - room, high + room];
  }
}
