/** Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1) on some rows of numbers: those that go on have gone on from the first step. */
export class RowAdam {
  readonly #values: Float32Array;
  readonly #size: number;
  readonly #rate: number;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;
  #steps = 0;

  /** @param values are changed, `size` to a row */
  constructor(values: Float32Array, size: number, rate: number) {
    this.#values = values;
    this.#size = size;
    this.#rate = rate;
    this.#mean = new Float32Array(values.length);
    this.#square = new Float32Array(values.length);
  }

  /** @param gradient of these rows alone, one behind the other */
  step(rows: readonly number[], gradient: Float32Array): void {
    this.#steps += 1;
    const [first, second] = [1 - 0.9 ** this.#steps, 1 - 0.999 ** this.#steps];
    for (const [place, row] of rows.entries()) {
      for (let index = 0; index < this.#size; index += 1) {
        const at = row * this.#size + index;
        const slope = gradient[place * this.#size + index] as number;
        const mean = 0.9 * (this.#mean[at] as number) + 0.1 * slope;
        const square = 0.999 * (this.#square[at] as number) + 0.001 * slope * slope;
        this.#mean[at] = mean;
        this.#square[at] = square;
        const move = (this.#rate * (mean / first)) / (Math.sqrt(square / second) + 1e-8);
        this.#values[at] = (this.#values[at] as number) - move;
      }
    }
  }
}
