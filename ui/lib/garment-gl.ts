import type { GarmentField } from './garment-field.ts';
import { SHADOW } from './garment-light.ts';

const VERTEX = `#version 300 es
out vec2 place;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0;
  place = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** The four taps of the cubic B-spline in each direction, folded into four filtered fetches (Sigg & Hadwiger 2005). */
const FRAGMENT = `#version 300 es
precision highp float;
in vec2 place;
uniform sampler2D logits;
uniform sampler2D cloths;
uniform vec2 grid;
uniform float sharpen;
out vec4 shown;

vec4 smoothly(sampler2D map, vec2 at) {
  vec2 pixel = at * grid - 0.5;
  vec2 whole = floor(pixel);
  vec2 t = pixel - whole;
  vec2 s = 1.0 - t;
  vec2 w0 = s * s * s / 6.0;
  vec2 w1 = (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0;
  vec2 w3 = t * t * t / 6.0;
  vec2 w2 = 1.0 - w0 - w1 - w3;
  vec2 low = w0 + w1;
  vec2 high = w2 + w3;
  vec2 lowAt = (whole - 0.5 + w1 / low) / grid;
  vec2 highAt = (whole + 1.5 + w3 / high) / grid;
  return low.y * (low.x * texture(map, lowAt) + high.x * texture(map, vec2(highAt.x, lowAt.y)))
    + high.y * (low.x * texture(map, vec2(lowAt.x, highAt.y)) + high.x * texture(map, highAt));
}

void main() {
  float cover = 1.0 / (1.0 + exp(-sharpen * smoothly(logits, place).r));
  vec4 cloth = smoothly(cloths, place);
  float paper = cloth.a * (1.0 - cover);
  vec3 shadow = vec3(${SHADOW.map(byte => (byte / 255).toFixed(5)).join(', ')});
  shown = vec4(cloth.rgb * cover + shadow * paper, cover + paper);
}`;

function program(gl: WebGL2RenderingContext): WebGLProgram {
  const built = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error('The stage: this browser makes no shader.');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(built, shader);
  }
  gl.linkProgram(built);
  if (!gl.getProgramParameter(built, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`The stage's shader does not link: ${gl.getProgramInfoLog(built) ?? 'no reason given'}.`);
  }
  return built;
}

const IMITATIONS = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Whether a graphics card draws WebGL here; asked of a canvas of its own, since a canvas keeps its first kind of context. */
function hasCard(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (gl === null) return false;
  const about = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(about?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return !IMITATIONS.test(renderer);
}

/** Draws garment fields on a canvas with WebGL 2; the canvas is made anew where the graphics driver starts over. */
export class GarmentGl {
  readonly #gl: WebGL2RenderingContext;
  #program: WebGLProgram;
  #textures: WebGLTexture[] = [];

  private constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = program(gl);
    this.#prepare();
  }

  /**
   * Undefined where this browser has no WebGL 2: `paint` draws the same in plain code.
   * @param slowToo Also where the processor only imitates a graphics card, which is slower than plain code.
   */
  static on(canvas: HTMLCanvasElement, slowToo: boolean): GarmentGl | undefined {
    if (!slowToo && !hasCard()) return undefined;
    const gl = canvas.getContext('webgl2', {
      alpha: true,
      premultipliedAlpha: true,
      antialias: false,
      depth: false,
    });
    return gl === null ? undefined : new GarmentGl(gl);
  }

  get lost(): boolean {
    return this.#gl.isContextLost();
  }

  /** After `webglcontextrestored`: everything the driver held is gone. */
  restore(): void {
    this.#program = program(this.#gl);
    this.#prepare();
  }

  #prepare(): void {
    const gl = this.#gl;
    gl.useProgram(this.#program);
    this.#textures = ['logits', 'cloths'].map((name, unit) => {
      const texture = gl.createTexture();
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
        gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
      for (const way of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, way, gl.LINEAR);
      gl.uniform1i(gl.getUniformLocation(this.#program, name), unit);
      return texture;
    });
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  }

  draw(field: GarmentField, sharpen: number): void {
    const gl = this.#gl;
    const { width, height } = field;
    const maps = [
      [gl.R16F, gl.RED, gl.FLOAT, field.logit],
      [gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, field.cloth],
    ] as const;
    for (const [unit, [stored, format, type, values]] of maps.entries()) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, this.#textures[unit] ?? null);
      gl.texImage2D(gl.TEXTURE_2D, 0, stored, width, height, 0, format, type, values);
    }
    gl.uniform2f(gl.getUniformLocation(this.#program, 'grid'), width, height);
    gl.uniform1f(gl.getUniformLocation(this.#program, 'sharpen'), sharpen);
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}
