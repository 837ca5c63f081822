// Buttons, sliders and words around the map. Text is set as text: names of electrodes and devices are never markup.

import { TRACES, quantity } from "./colours.js";

/** Return a new element with properties, attributes (with a dash or of ARIA) and children. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role" || key === "for") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

const MOST_SPEED = 1_000_000;
const NODE_COLOURS = { potential: "potential", group: "group" };
const EDGE_COLOURS = {
  current: "current (log)",
  conductance: "conductance (log)",
  voltage: "voltage (log)",
  device: "device",
  none: "nothing",
};

export class Controls {
  /** `does` are functions: run, pause, step, reset, speed, turn, nodes, edges, fit, colours. */
  constructor(does, edges) {
    this.does = does;
    this.knobs = new Map();
    const button = (label, keys, does_) => element("button", {
      type: "button", textContent: label, title: `${label} (${keys})`, onclick: does_, "aria-keyshortcuts": keys,
    });
    this.run = button("Run", "Space", () => (this.running ? does.pause() : does.run()));
    this.step = button("Step", ".", () => does.step());
    this.reset = button("Reset", "r", () => does.reset());
    this.speed = element("input", {
      type: "number", min: 1, max: MOST_SPEED, step: 1, value: 1, required: true,
      onchange: () => { if (this.speed.checkValidity()) does.speed(this.speed.valueAsNumber); },
    });
    this.nodes = this.select(NODE_COLOURS, "potential", does.nodes);
    this.edges = this.select(EDGE_COLOURS, edges, does.edges);
    const fit = button("Whole map", "f", does.fit);
    const colours = button("Fit colours", "c", does.colours);
    this.bar = element("div", { className: "memnet-bar", role: "toolbar", "aria-label": "Simulation" },
      this.run, this.step, this.reset, labelled("steps a picture", this.speed), labelled("nodes", this.nodes),
      labelled("edges", this.edges), fit, colours);
    this.drives = element("div", { className: "memnet-drives", role: "group", "aria-label": "Drive" });
    this.readout = element("div", { className: "memnet-readout", "aria-live": "off" });
    this.alert = element("div", { className: "memnet-alert", role: "alert", hidden: true });
    this.words = {};
    for (const name of ["step", "time", "rate", "events", "state"]) {
      this.words[name] = element("output", { className: `memnet-${name}` });
      this.readout.append(element("span", {}, `${name} `, this.words[name]));
    }
  }

  select(choices, chosen, does) {
    const options = Object.entries(choices).map(([value, textContent]) => element("option", { value, textContent }));
    const made = element("select", {}, ...options);
    made.value = chosen;
    made.onchange = () => does(made.value);
    return made;
  }

  /** Show what a picture says of the simulation. */
  show(frame) {
    this.running = frame.running;
    this.run.textContent = frame.running ? "Pause" : "Run";
    this.run.setAttribute("aria-pressed", String(frame.running));
    this.step.disabled = frame.running;
    if (document.activeElement !== this.speed) this.speed.value = frame.speed;
    this.words.step.textContent = frame.step.toLocaleString("en");
    this.words.time.textContent = quantity(frame.time, "s", 6);
    this.words.rate.textContent = `${quantity(frame.rate, "", 3)} steps/s`;
    this.words.events.textContent = `${frame.up.toLocaleString("en")} up, ${frame.down.toLocaleString("en")} down`;
    this.words.state.textContent = frame.running ? "running" : frame.error ? "stopped by an error" : "paused";
    this.say(frame.error);
    for (const knob of frame.knobs) this.showKnob(knob);
  }

  /** Show an error, or none. */
  say(error) {
    this.alert.hidden = !error;
    if (this.alert.textContent !== (error ?? "")) this.alert.textContent = error ?? "";
  }

  showKnob(knob) {
    let made = this.knobs.get(knob.electrode);
    if (!made) {
      made = this.knob(knob);
      this.knobs.set(knob.electrode, made);
      this.drives.append(made.row);
    }
    made.number.title = knob.wave;
    for (const input of [made.slider, made.number]) {
      if (document.activeElement !== input) input.value = knob.value;
    }
  }

  knob(knob) {
    const name = knob.kind === "factor" ? `${knob.electrode} ×` : knob.electrode;
    const turn = (input) => {
      const value = input.valueAsNumber;
      if (!Number.isFinite(value)) return;
      for (const other of [slider, number]) if (other !== input) other.value = value;
      this.does.turn(knob.electrode, value);
    };
    const range = { min: knob.low, max: knob.high, step: "any", value: knob.value };
    const label = knob.kind === "factor" ? `amplitude of ${knob.electrode}` : `drive of ${knob.electrode} (${knob.unit})`;
    const slider = element("input", { type: "range", ...range, "aria-label": label, oninput: () => turn(slider) });
    const number = element("input", { type: "number", step: "any", value: knob.value, "aria-label": `${label}, as a number`,
      onchange: () => turn(number) });
    return { slider, number, row: element("div", { className: "memnet-knob" }, element("span", {}, name), slider, number,
      element("span", {}, knob.unit)) };
  }
}

/** Return which colour of the trace is which electrode. */
export function legend(names) {
  const made = element("div", { className: "memnet-legend" });
  names.forEach((name, k) => {
    const mark = element("span", { className: "memnet-mark", "aria-hidden": "true" });
    mark.style.background = TRACES[k % TRACES.length];
    made.append(element("span", {}, mark, name));
  });
  return made;
}

/** A bar of colours with the values at its ends. */
export class ColourBar {
  constructor(table, unit) {
    this.unit = unit;
    this.strip = element("canvas", { width: table.length, height: 1, "aria-hidden": "true" });
    this.paint(table);
    [this.name, this.low, this.high] = [element("span"), element("span"), element("span")];
    this.element = element("div", { className: "memnet-colours" }, this.name, this.low, this.strip, this.high);
  }

  paint(table) {
    const context = this.strip.getContext("2d");
    const image = context.createImageData(table.length, 1);
    new Uint32Array(image.data.buffer).set(table);
    context.putImageData(image, 0, 0);
  }

  show(name, low, high, unit = this.unit) {
    this.name.textContent = name;
    this.low.textContent = quantity(low, unit, 3);
    this.high.textContent = quantity(high, unit, 3);
  }
}

function labelled(words, input) {
  return element("label", {}, `${words} `, input);
}
