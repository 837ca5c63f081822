// What lies under the pointer: the nearest edge, else the disc or line that it is on.

const NEAR = 5; // pixels

/** Return {kind, number} of what is at a place on the screen, or null. */
export function under(camera, layers, left, top) {
  const [x, y] = camera.toMap(left, top);
  const reach = NEAR / camera.scale;
  let best = null;
  for (const layer of layers) {
    if (!layer.kind || !layer.shown) continue;
    const found = layer.shape === "line" ? nearestLine(layer, x, y, reach) : nearestSpot(layer, x, y, reach);
    if (!found) continue;
    const weight = found.away - (layer.kind === "edge" ? reach : 0); // edges are thin, and come first
    if (!best || weight < best.weight) best = { kind: layer.kind, number: layer.number[found.k], weight };
  }
  return best && { kind: best.kind, number: best.number };
}

function nearestSpot(layer, x, y, reach) {
  let [k, away] = [-1, Infinity];
  for (let i = 0; i < layer.colour.length; i += 1) {
    const outside = Math.hypot(layer.place[2 * i] - x, layer.place[2 * i + 1] - y) - layer.size[i];
    if (outside < away) [k, away] = [i, outside];
  }
  return away <= 0.5 * reach ? { k, away: Math.max(away, 0) } : null;
}

function nearestLine(layer, x, y, reach) {
  let [k, away] = [-1, Infinity];
  for (let i = 0; i < layer.colour.length; i += 1) {
    if (layer.size[i] === 0) continue;
    const [ax, ay, bx, by] = layer.place.subarray(4 * i, 4 * i + 4);
    const [dx, dy] = [bx - ax, by - ay];
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    const distance = Math.hypot(ax + along * dx - x, ay + along * dy - y);
    if (distance < away) [k, away] = [i, distance];
  }
  return away <= reach ? { k, away } : null;
}
