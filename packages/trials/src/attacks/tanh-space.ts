import type { Bounds } from './ball.ts';

/**
 * Where every number is within the bounds: x = a + b·tanh(w), a the middle of the bounds and b half their width
 * (Carlini & Wagner, arXiv:1608.04644, section V.B).
 */
export class TanhSpace {
  readonly #middle: number;
  readonly #half: number;

  constructor({ low, high }: Bounds) {
    this.#middle = (low + high) / 2;
    this.#half = (high - low) / 2;
  }

  /** w of x. The bounds themselves lie at infinity: they are taken for 0.999999 of the way there. */
  enter(x: Float32Array): Float32Array {
    return x.map((value) => Math.atanh((0.999999 * (value - this.#middle)) / this.#half));
  }

  leave(w: Float32Array): Float32Array {
    return w.map((value) => this.#middle + this.#half * Math.tanh(value));
  }

  /** dx/dw: b·(1 − tanh²w). */
  slopes(w: Float32Array): Float32Array {
    return w.map((value) => this.#half * (1 - Math.tanh(value) ** 2));
  }
}
