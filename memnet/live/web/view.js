// The live view: what the notebook and the page have in common. A link brings messages and takes commands.

import {
  FLASH_UP, LEVELS, MAGNITUDES, MAGNITUDES_IN_THE_DARK, PALE, POTENTIALS, UNKNOWN, isDark, ofDevice, ofGroup, quantity,
} from "./colours.js";
import { Camera } from "./camera.js";
import { WebGLPainter } from "./webgl.js";
import { CanvasPainter } from "./canvas.js";
import { Trace } from "./trace.js";
import { under } from "./hover.js";
import { ColourBar, Controls, element, legend } from "./controls.js";

// How long an event flashes (ms), decades of a magnitude that are seen, the widest line (pixels).
const FLASH = 400;
const DECADES = 6;
const WIDEST = 2.8;
const UNITS = { current: "A", conductance: "S", voltage: "V" };
const PAN = 40; // pixels a key
const TRACE_HEIGHT = 170;

export class View {
  constructor(root, link, options = {}) {
    this.root = root;
    this.link = link;
    this.painting = options.painter; // "canvas" where WebGL is not wanted, "webgl" where it is at any price
    this.height = options.height ?? 560;
    this.drawn = 0; // pictures that were drawn
    this.show = { nodes: "potential", edges: options.edges ?? "current" };
    this.frame = null;
    this.controls = new Controls(this.commands(), this.show.edges);
    root.classList.add("memnet-view");
  }

  /** What the browser has already, as Python is asked for the next picture. */
  cursor() {
    const { picture = 0, begun = 0, rows = 0, events = 0 } = this.stale ? { ...this.frame, picture: 0 } : this.frame ?? {};
    return { picture, begun, rows, events, edges: this.show.edges };
  }

  commands() {
    const ask = (words) => this.ask(words);
    return {
      run: () => ask({ do: "run" }),
      pause: () => ask({ do: "pause" }),
      step: () => ask({ do: "take", steps: 1 }),
      reset: () => ask({ do: "reset" }),
      speed: (steps) => ask({ do: "speed", steps }),
      turn: (electrode, value) => this.turn(electrode, value),
      nodes: (what) => this.choose("nodes", what),
      edges: (what) => this.choose("edges", what),
      fit: () => { this.camera.fit(); this.redraw(); },
      colours: () => { this.forgetScales(); this.fresh = true; this.redraw(); },
    };
  }

  async ask(words) {
    try {
      return await this.link.ask(words);
    } catch (error) {
      this.controls.say(error.message);
      return null;
    }
  }

  /** Turn a knob; while one turn is under way only the last of the others waits. */
  async turn(electrode, value) {
    this.turns ??= new Map();
    const busy = this.turns.has(electrode);
    this.turns.set(electrode, value);
    if (busy) return;
    for (let now = NaN; this.turns.get(electrode) !== now;) {
      now = this.turns.get(electrode);
      await this.ask({ do: "turn", electrode, value: now });
    }
    this.turns.delete(electrode);
  }

  choose(kind, what) {
    this.show[kind] = what;
    if (kind === "edges") this.edgeTop = null;
    this.stale = true;
    this.link.again();
    this.fresh = true;
    this.redraw();
  }

  // ---------------------------------------------------------------- the scene

  /** Show the network: once, before any picture. */
  begin(scene) {
    this.scene = scene;
    this.camera = new Camera(scene.box);
    this.flash = new Float64Array(scene.n_edges);
    this.layers = layersOf(scene);
    this.forgetScales();
    this.build();
    this.trace = new Trace(this.traceCanvas, scene.traced);
    this.startPainter();
    this.listen();
    new ResizeObserver(() => this.resize()).observe(this.map);
    this.resize();
  }

  build() {
    const { scene, controls } = this;
    this.canvas = element("canvas", { className: "memnet-canvas" });
    this.labels = element("div", { className: "memnet-labels", "aria-hidden": "true" });
    this.tip = element("div", { className: "memnet-tip", role: "status", hidden: true });
    this.map = element("div", { className: "memnet-map", tabIndex: 0, role: "application",
      "aria-label": `Map of ${scene.title}. Space runs and pauses, point steps, r resets, plus and minus zoom, arrows move.` },
      this.canvas, this.labels, this.tip);
    this.map.style.height = `${this.height}px`;
    this.names = scene.electrodes.map((one) => element("span", { textContent: one.name }));
    this.labels.append(...this.names);
    this.traceCanvas = element("canvas", { className: "memnet-trace", role: "img",
      "aria-label": `Currents and voltages of ${scene.traced.join(", ")} over time` });
    this.traceCanvas.style.height = `${TRACE_HEIGHT}px`;
    this.nodeBar = new ColourBar(POTENTIALS, "V");
    this.magnitudes = MAGNITUDES;
    this.edgeBar = new ColourBar(this.magnitudes, "A");
    this.deviceList = deviceList(scene);
    const bars = element("div", { className: "memnet-bars" }, this.nodeBar.element, this.edgeBar.element, this.deviceList);
    this.root.append(element("div", { className: "memnet-title", textContent: scene.title }), controls.bar,
      controls.drives, controls.alert, controls.readout, this.map, bars, this.traceCanvas, legend(scene.traced));
  }

  startPainter() {
    try {
      if (this.painting === "canvas") throw new Error("not wanted");
      this.painter = new WebGLPainter(this.canvas, this.painting === "webgl");
    } catch {
      const fresh = this.canvas.cloneNode();
      this.canvas.replaceWith(fresh); // one that was asked for WebGL has no other context
      this.canvas = fresh;
      this.painter = new CanvasPainter(fresh);
    }
    this.root.dataset.painter = this.painter.name;
    this.canvas.addEventListener("webglcontextlost", () => {
      this.painting = "canvas";
      this.startPainter();
      this.resize();
    });
  }

  // ---------------------------------------------------------------- pictures

  /** Take over a picture; it is drawn when the browser next draws. */
  update(frame) {
    const before = this.frame;
    const same = before && before.begun === frame.begun;
    if (!same) {
      this.trace.clear();
      this.flash.fill(0);
      this.forgetScales();
    }
    const known = same ? before.rows : 0;
    const had = frame.rows - frame.trace.length / this.trace.width;
    this.trace.add(frame.trace, Math.max(0, known - had));
    if (before) this.flashes(frame, same ? before.events : 0);
    if (frame.edges === this.show.edges) this.stale = false;
    this.frame = { ...frame, shown: frame.edges === this.show.edges ? frame.edges : null };
    this.controls.show(frame);
    this.fresh = true;
    this.redraw();
  }

  flashes(frame, known) {
    const had = frame.events - frame.event_edge.length;
    const until = performance.now() + FLASH;
    for (let k = Math.max(0, known - had); k < frame.event_edge.length; k += 1) {
      this.flash[frame.event_edge[k]] = until;
      this.flashing = until;
    }
  }

  forgetScales() {
    this.low = Infinity;
    this.high = -Infinity;
    this.edgeTop = null;
  }

  /** Give everything the colours of the present picture. */
  recolour() {
    this.fresh = false;
    if (!this.frame) return;
    const { potential } = this.frame;
    for (const value of potential) {
      if (value < this.low) this.low = value;
      if (value > this.high) this.high = value;
    }
    for (const layer of this.layers) {
      if (layer.kind === "node") this.paintNodes(layer, potential);
      if (layer.kind === "edge") this.paintEdges(layer);
    }
    this.showBars();
  }

  paintNodes(layer, potential) {
    layer.version += 1;
    const { colour, nodes, width } = layer;
    if (this.show.nodes === "group") {
      for (let k = 0; k < colour.length; k += 1) colour[k] = ofGroup(nodes[k * width]);
      return;
    }
    const scale = (LEVELS - 1) / (this.high - this.low || 1);
    for (let k = 0; k < colour.length; k += 1) {
      let value = potential[nodes[k * width]];
      if (width === 2) value = 0.5 * (value + potential[nodes[2 * k + 1]]);
      colour[k] = value === value ? POTENTIALS[Math.round((value - this.low) * scale)] : UNKNOWN;
    }
  }

  paintEdges(layer) {
    layer.version += 1;
    const { colour, size, number } = layer;
    const line = layer.shape === "line";
    const what = this.show.edges;
    layer.shown = what !== "none" || !line;
    const values = this.frame.shown === what ? this.frame.values : undefined;
    const top = what in UNITS ? this.topOf(values) : 0;
    const now = performance.now();
    for (let k = 0; k < number.length; k += 1) {
      const edge = number[k];
      let rank = 0;
      if (what === "device") {
        colour[k] = ofDevice(this.scene.edge_device[edge]);
        rank = 0.5;
      } else if (what === "none" || !values || !(values[edge] > top - DECADES)) {
        colour[k] = PALE;
      } else {
        const level = Math.min(LEVELS - 1, Math.round(((values[edge] - top) / DECADES + 1) * (LEVELS - 1)));
        colour[k] = this.magnitudes[level];
        rank = level / (LEVELS - 1);
      }
      if (line) size[k] = (0.4 + (WIDEST - 0.4) * rank * rank) * layer.thin;
      if (this.flash[edge] > now) {
        colour[k] = FLASH_UP;
        if (line) size[k] = WIDEST;
      }
    }
  }

  /** Return the decade at which the scale of edges ends; it only grows, so that colours can be compared. */
  topOf(values) {
    let top = this.edgeTop ?? -Infinity;
    if (values) for (const value of values) if (value > top && value < Infinity) top = value;
    if (top > -Infinity) this.edgeTop = top;
    return top;
  }

  showBars() {
    const what = this.show.edges;
    this.nodeBar.element.hidden = this.show.nodes !== "potential";
    this.nodeBar.show("potential", this.low, this.high);
    this.edgeBar.element.hidden = !(what in UNITS);
    const top = this.edgeTop ?? NaN;
    this.edgeBar.show(what, 10 ** (top - DECADES), 10 ** top, UNITS[what]);
    this.deviceList.hidden = what !== "device";
  }

  // ---------------------------------------------------------------- drawing

  resize() {
    const { clientWidth, clientHeight } = this.map;
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.camera.resize(Math.max(1, clientWidth), Math.max(1, clientHeight));
    this.canvas.width = Math.round(clientWidth * this.ratio);
    this.canvas.height = Math.round(clientHeight * this.ratio);
    this.traceSize = [Math.max(1, this.traceCanvas.clientWidth), TRACE_HEIGHT];
    this.traceCanvas.width = Math.round(this.traceSize[0] * this.ratio);
    this.traceCanvas.height = Math.round(TRACE_HEIGHT * this.ratio);
    this.redraw();
  }

  /** Draw when the browser next does; several wishes are one picture. */
  redraw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = null;
      this.draw();
    });
  }

  draw() {
    if (this.flashing) {
      if (performance.now() > this.flashing) this.flashing = 0;
      for (const layer of this.layers) if (layer.kind === "edge") this.paintEdges(layer);
    }
    const style = getComputedStyle(this.root);
    this.adapt(style);
    if (this.fresh) this.recolour();
    this.painter.draw(this.camera, this.layers, this.ratio);
    const faint = style.getPropertyValue("--memnet-line").trim() || "#888";
    this.trace.draw(this.traceSize, this.ratio, { text: style.color, line: faint });
    this.placeLabels();
    this.drawn += 1;
    if (this.flashing) this.redraw();
  }

  /** Take the colours that can be seen on this ground; edges above discs have those for their ground. */
  adapt(style) {
    const dark = isDark(style.backgroundColor) && !this.layers.overDiscs;
    const wanted = dark ? MAGNITUDES_IN_THE_DARK : MAGNITUDES;
    if (wanted === this.magnitudes) return;
    this.magnitudes = wanted;
    this.edgeBar.paint(wanted);
    this.fresh = true;
  }

  placeLabels() {
    const [width, height] = this.camera.size;
    this.scene.electrodes.forEach((one, k) => {
      const [x, y] = this.camera.toScreen(...one.place);
      const name = this.names[k];
      name.hidden = x < 0 || y < 0 || x > width || y > height;
      name.style.left = `${Math.min(Math.max(x, 24), width - 24)}px`;
      name.style.top = `${Math.min(Math.max(y, 10), height - 10)}px`;
    });
  }

  // ---------------------------------------------------------------- pointer and keys

  listen() {
    const { map } = this;
    let held = null;
    map.addEventListener("pointerdown", (event) => {
      held = [event.clientX, event.clientY];
      map.setPointerCapture(event.pointerId);
    });
    map.addEventListener("pointerup", () => { held = null; });
    map.addEventListener("pointermove", (event) => {
      if (!held) {
        this.hover(event);
        return;
      }
      this.camera.pan(event.clientX - held[0], event.clientY - held[1]);
      held = [event.clientX, event.clientY];
      this.redraw();
    });
    map.addEventListener("pointerleave", () => this.hideTip());
    map.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.camera.zoomAt(Math.exp(-0.0015 * event.deltaY), ...this.onMap(event));
      this.redraw();
    }, { passive: false });
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  onMap(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  key(event) {
    const inField = event.target.closest("input, select, button");
    event.stopPropagation(); // a notebook has keys of its own
    if (inField || event.ctrlKey || event.metaKey || event.altKey) return;
    const { does } = this.controls;
    const keys = {
      " ": () => (this.controls.running ? does.pause() : does.run()),
      ".": does.step,
      r: does.reset,
      f: does.fit,
      c: does.colours,
      "+": () => this.camera.zoomAt(1.25),
      "-": () => this.camera.zoomAt(0.8),
      ArrowLeft: () => this.camera.pan(PAN, 0),
      ArrowRight: () => this.camera.pan(-PAN, 0),
      ArrowUp: () => this.camera.pan(0, PAN),
      ArrowDown: () => this.camera.pan(0, -PAN),
    };
    const does_ = keys[event.key];
    if (!does_) return;
    event.preventDefault();
    does_();
    this.redraw();
  }

  /** Say what is under the pointer: Python is asked, so that it is in full precision. */
  async hover(event) {
    const [left, top] = this.onMap(event);
    this.pointer = [left, top];
    const found = under(this.camera, this.layers, left, top);
    if (!found) {
      this.hideTip();
      return;
    }
    this.hovered = found;
    if (this.telling) return;
    this.telling = true;
    for (let told = null; this.hovered && this.hovered !== told;) {
      told = this.hovered;
      const said = await this.ask({ do: "tell", ...told });
      if (said && this.hovered === told) this.showTip(said);
    }
    this.telling = false;
  }

  showTip(said) {
    this.tip.textContent = "edge" in said
      ? `${said.name}\n${said.device}\nv = ${quantity(said.voltage, "V", 6)}\n`
        + `i = ${quantity(said.current, "A", 6)}\ng = ${quantity(said.conductance, "S", 6)}`
      : `node ${said.node} ${said.name}\npotential ${quantity(said.potential, "V", 6)}`;
    this.tip.hidden = false;
    const [width, height] = this.camera.size;
    const [left, top] = this.pointer;
    this.tip.style.left = `${Math.max(4, Math.min(left + 14, width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, Math.min(top + 14, height - this.tip.offsetHeight - 4))}px`;
  }

  hideTip() {
    this.hovered = null;
    this.tip.hidden = true;
  }

  /** Give back what the view holds of the browser. */
  end() {
    if (this.asked) cancelAnimationFrame(this.asked);
    this.painter?.release();
    this.root.replaceChildren();
  }
}

/** Return what a scene consists of, from the lowest layer to the highest. */
function layersOf(scene) {
  const layers = [];
  if (scene.base_ends) layers.push(layer("line", null, scene.base_ends, { size: 0.7, colour: PALE }));
  const thin = Math.min(1, Math.sqrt(8000 / Math.max(1, scene.edge.length)));
  const edges = () => layers.push(layer("line", "edge", scene.edge_ends, { number: scene.edge, thin }));
  const many = scene.disc_node && scene.disc_node.length > scene.n_nodes;
  if (!many) edges(); // below nodes that are circles, above groups of discs
  if (scene.disc_node) {
    const given = { nodes: scene.disc_node, number: scene.disc_node, width: 1 };
    layers.push({ ...layer("disc", "node", scene.disc_place, given), size: scene.disc_radius });
  }
  if (scene.line_nodes) {
    const number = scene.line_nodes.filter((_, k) => k % 2 === 0);
    layers.push(layer("line", "node", scene.line_ends, { nodes: scene.line_nodes, number, width: 2, size: 1.6 }));
  }
  if (many) edges();
  layers.overDiscs = many;
  if (scene.spot_edge) {
    const made = layer(scene.squares ? "square" : "disc", "edge", scene.spot_place, { number: scene.spot_edge });
    layers.push({ ...made, size: scene.spot_radius });
  }
  return layers;
}

function layer(shape, kind, place, { size = 0, colour = 0, ...others }) {
  const n = place.length / (shape === "line" ? 4 : 2);
  return {
    shape, kind, place, shown: true, version: 0, size: new Float32Array(n).fill(size),
    colour: new Uint32Array(n).fill(colour), ...others,
  };
}

function deviceList(scene) {
  const made = element("div", { className: "memnet-devices" });
  scene.devices.forEach((device, k) => {
    const mark = element("span", { className: "memnet-mark", "aria-hidden": "true" });
    const colour = ofDevice(k);
    mark.style.background = `rgb(${colour & 255},${(colour >> 8) & 255},${(colour >> 16) & 255})`;
    made.append(element("span", {}, mark, device));
  });
  return made;
}
