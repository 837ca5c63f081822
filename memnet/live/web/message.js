// What comes from Python: a header as JSON, and arrays as the bytes that they are (memnet/live/_message.py).

const ALIGNMENT = 8;
const KINDS = { f4: [Float32Array, 4], f8: [Float64Array, 8], i4: [Int32Array, 4] };

/** Return the header of a message with its arrays in it, each by its name. */
export function unpacked(bytes) {
  const view = ArrayBuffer.isView(bytes) ? bytes : new DataView(bytes);
  let { buffer, byteOffset: start } = view;
  if (start % ALIGNMENT !== 0) {
    buffer = buffer.slice(start, start + view.byteLength);
    start = 0;
  }
  const length = new DataView(buffer, start).getUint32(0, true);
  const message = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, start + 4, length)));
  let place = start + aligned(4 + length);
  for (const [name, kind, size] of message.arrays) {
    const [Numbers, width] = KINDS[kind];
    message[name] = new Numbers(buffer, place, size);
    place += aligned(size * width);
  }
  return message;
}

function aligned(length) {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
