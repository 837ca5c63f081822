// Draws layers of discs, squares and lines with WebGL2: places go to the graphics memory once, colours when they change.

const SPOT_VERTEX = `#version 300 es
in vec2 corner; in vec2 place; in float size; in vec4 colour;
uniform vec2 zoom; uniform vec2 shift; uniform float pixel;
out vec2 at; out vec4 paint; out float radius;
void main() {
  float r = max(size, 0.6 * pixel);
  at = corner; paint = colour; radius = r / pixel;
  gl_Position = vec4((place + corner * r) * zoom + shift, 0.0, 1.0);
}`;
const SPOT_FRAGMENT = `#version 300 es
precision mediump float;
in vec2 at; in vec4 paint; in float radius;
uniform bool square;
out vec4 result;
void main() {
  float inside = square ? 1.0 : clamp((1.0 - length(at)) * radius + 0.5, 0.0, 1.0);
  result = vec4(paint.rgb * paint.a, paint.a) * inside;
}`;
const LINE_VERTEX = `#version 300 es
in vec2 corner; in vec4 place; in float size; in vec4 colour;
uniform vec2 zoom; uniform vec2 shift; uniform vec2 screen;
out vec4 paint;
void main() {
  vec2 a = place.xy * zoom + shift, b = place.zw * zoom + shift;
  vec2 way = (b - a) * screen * 0.5;
  float far = length(way);
  vec2 along = far > 0.0 ? way / far : vec2(1.0, 0.0);
  vec2 across = vec2(-along.y, along.x);
  vec2 beside = (across * corner.y + along * corner.x) * 0.5 * size;
  paint = colour;
  gl_Position = vec4((corner.x < 0.0 ? a : b) + beside * 2.0 / screen, 0.0, 1.0);
}`;
const LINE_FRAGMENT = `#version 300 es
precision mediump float;
in vec4 paint;
out vec4 result;
void main() { result = vec4(paint.rgb * paint.a, paint.a); }`;
// Processors that play graphics cards, of which not all browsers own up.
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const CORNERS = new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]);

export class WebGLPainter {
  /** Raise an error where the canvas has no WebGL2, or one that is played by the processor, unless that will do. */
  constructor(canvas, software) {
    this.name = "WebGL2";
    this.gl = canvas.getContext("webgl2", { antialias: false, failIfMajorPerformanceCaveat: !software });
    if (!this.gl || (!software && SOFTWARE.test(this.card()))) throw new Error("no WebGL2");
    this.spots = program(this.gl, SPOT_VERTEX, SPOT_FRAGMENT);
    this.lines = program(this.gl, LINE_VERTEX, LINE_FRAGMENT);
    this.corners = this.buffer(CORNERS);
    this.made = new Map();
  }

  /** Return what the browser calls the graphics card. */
  card() {
    const known = this.gl.getExtension("WEBGL_debug_renderer_info");
    return String(this.gl.getParameter(known ? known.UNMASKED_RENDERER_WEBGL : this.gl.RENDERER));
  }

  buffer(values) {
    const { gl } = this;
    const made = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, made);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    return made;
  }

  /** Draw layers from the lowest to the highest. */
  draw(camera, layers, ratio) {
    const { gl } = this;
    const [width, height] = camera.size;
    gl.viewport(0, 0, Math.round(width * ratio), Math.round(height * ratio));
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const layer of layers) if (layer.shown && layer.colour.length) this.drawLayer(camera, layer, ratio);
  }

  drawLayer(camera, layer, ratio) {
    const { gl } = this;
    const used = layer.shape === "line" ? this.lines : this.spots;
    const [width, height] = camera.size;
    const { scale } = camera;
    const zoom = [(2 * scale) / width, (2 * scale) / height];
    gl.useProgram(used.program);
    gl.bindVertexArray(this.ready(layer, used));
    gl.uniform2f(used.zoom, ...zoom);
    gl.uniform2f(used.shift, -camera.middle[0] * zoom[0], -camera.middle[1] * zoom[1]);
    if (layer.shape === "line") gl.uniform2f(used.screen, width, height);
    else {
      gl.uniform1f(used.pixel, 1 / (scale * ratio));
      gl.uniform1i(used.square, layer.shape === "square" ? 1 : 0);
    }
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, layer.colour.length);
  }

  /** Return the arrays of a layer in the graphics memory, with the colours and sizes of now. */
  ready(layer, used) {
    const { gl } = this;
    let made = this.made.get(layer);
    if (!made) {
      made = { array: gl.createVertexArray(), version: -1 };
      gl.bindVertexArray(made.array);
      this.attribute(used.corner, this.corners, 2, gl.FLOAT, 0);
      this.attribute(used.place, this.buffer(layer.place), layer.shape === "line" ? 4 : 2, gl.FLOAT, 1);
      this.attribute(used.size, (made.size = this.buffer(layer.size)), 1, gl.FLOAT, 1);
      this.attribute(used.colour, (made.colour = this.buffer(layer.colour)), 4, gl.UNSIGNED_BYTE, 1);
      this.made.set(layer, made);
    }
    if (made.version !== layer.version) {
      made.version = layer.version;
      gl.bindBuffer(gl.ARRAY_BUFFER, made.colour);
      gl.bufferData(gl.ARRAY_BUFFER, layer.colour, gl.DYNAMIC_DRAW);
      if (layer.shape === "line") {
        gl.bindBuffer(gl.ARRAY_BUFFER, made.size);
        gl.bufferData(gl.ARRAY_BUFFER, layer.size, gl.DYNAMIC_DRAW);
      }
    }
    return made.array;
  }

  attribute(place, buffer, width, kind, divisor) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, width, kind, kind === gl.UNSIGNED_BYTE, 0, 0);
    gl.vertexAttribDivisor(place, divisor);
  }

  /** Wait until everything is drawn: for those that measure. */
  finish() {
    const { gl } = this;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  release() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

function program(gl, vertex, fragment) {
  const made = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
  const names = { program: made };
  for (const name of ["corner", "place", "size", "colour"]) names[name] = gl.getAttribLocation(made, name);
  for (const name of ["zoom", "shift", "pixel", "screen", "square"]) names[name] = gl.getUniformLocation(made, name);
  return names;
}
