// Colours as numbers 0xAABBGGRR, which lie in memory as the bytes r, g, b, a; and numbers with units as text.

const VIRIDIS = ["440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"];
const PLASMA = ["0d0887", "46039f", "7201a8", "9c179e", "bd3786", "d8576b", "ed7953", "fb9f3a", "fdca26", "f0f921"];
const GROUPS = ["7aa6c2", "c9b28f", "93b88a", "b99ac4", "d39a86", "86b5b0", "c7c36f", "a3a9b8"];
const DEVICES = ["8a8f98", "1f5fd0", "1c9a55", "d9480f", "9c36b5", "b08900"];
export const TRACES = ["#2f6fde", "#d9480f", "#1c9a55", "#9c36b5", "#b08900", "#0a7ea4", "#d6409f", "#6b7280"];

export const LEVELS = 256;
export const UNKNOWN = packed("a0a0a0", 255);
export const PALE = packed("9fb0c4", 110);
export const FLASH_UP = packed("ff2d55", 255);

/** Return a colour of six hexadecimal digits as a number. */
export function packed(digits, alpha) {
  const rgb = parseInt(digits, 16);
  return (((alpha << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0);
}

/** Return a colour as CSS has it. */
export function css(colour) {
  return `rgba(${colour & 255},${(colour >> 8) & 255},${(colour >> 16) & 255},${(colour >>> 24) / 255})`;
}

function ramp(stops, alpha) {
  const table = new Uint32Array(LEVELS);
  for (let k = 0; k < LEVELS; k += 1) {
    const at = (k / (LEVELS - 1)) * (stops.length - 1);
    const below = Math.min(Math.floor(at), stops.length - 2);
    const [low, high] = [parseInt(stops[below], 16), parseInt(stops[below + 1], 16)];
    let colour = 0;
    for (const shift of [0, 8, 16]) {
      const [a, b] = [(low >> shift) & 255, (high >> shift) & 255];
      colour |= Math.round(a + (b - a) * (at - below)) << shift;
    }
    table[k] = packed(colour.toString(16).padStart(6, "0"), alpha(k / (LEVELS - 1)));
  }
  return table;
}

/** Colours of potentials, from the lowest to the highest. */
export const POTENTIALS = ramp(VIRIDIS, () => 255);
/** Colours of magnitudes: small ones are nearly clear, so that what matters stands out, on light or on dark ground. */
export const MAGNITUDES = ramp(PLASMA.slice().reverse(), (x) => Math.round(70 + 185 * x));
export const MAGNITUDES_IN_THE_DARK = ramp(PLASMA, (x) => Math.round(70 + 185 * x));

/** Return whether a colour of CSS, rgb(...), is dark. */
export function isDark(colour) {
  const [red, green, blue] = (colour.match(/\d+/g) ?? [255, 255, 255]).map(Number);
  return 0.3 * red + 0.6 * green + 0.1 * blue < 110;
}

/** Return a colour for each of many groups; neighbouring numbers are far apart in the palette. */
export function ofGroup(k) {
  return packed(GROUPS[(k * 5 + Math.floor(k / GROUPS.length) * 3) % GROUPS.length], 255);
}

/** Return the colour of a device by its number. */
export function ofDevice(k) {
  return packed(DEVICES[k % DEVICES.length], k === 0 ? 150 : 255);
}

const PREFIXES = { "-15": "f", "-12": "p", "-9": "n", "-6": "µ", "-3": "m", 0: "", 3: "k", 6: "M", 9: "G" };

/** Return a number in some digits with its unit, which has a prefix. */
export function quantity(value, unit = "", digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return `– ${unit}`.trim();
  if (value === 0) return `0 ${unit}`.trim();
  const power = 3 * Math.floor(Math.log10(Math.abs(Number(value.toPrecision(digits)))) / 3);
  if (!unit || !(power in PREFIXES)) return `${Number(value.toPrecision(digits))} ${unit}`.trim();
  return `${Number((value / 10 ** power).toPrecision(digits))} ${PREFIXES[power]}${unit}`;
}
