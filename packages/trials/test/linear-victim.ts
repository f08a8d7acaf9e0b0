import type { LossName } from '../src/gradient/losses.ts';
import type { LossGradient, Victim } from '../src/victim.ts';

/** zₖ = ⟨wₖ, x⟩ + bₖ: a model whose boundaries are planes, so that distances to them can be worked out by hand. */
export class LinearVictim implements Victim {
  readonly dims: readonly number[];
  readonly size: number;
  readonly classes: number;
  readonly spent = { forward: 0, backward: 0 };
  readonly #weights: readonly (readonly number[])[];
  readonly #bias: readonly number[];

  constructor(dims: readonly number[], weights: readonly (readonly number[])[], bias: readonly number[]) {
    this.dims = dims;
    this.size = dims.reduce((product, each) => product * each, 1);
    this.classes = bias.length;
    this.#weights = weights;
    this.#bias = bias;
  }

  async classify(x: Float32Array): Promise<Int32Array> {
    const logits = await this.logits(x);
    return Int32Array.from({ length: x.length / this.size }, (_, row) => {
      const own = [...logits.subarray(row * this.classes, (row + 1) * this.classes)];
      return own.indexOf(Math.max(...own));
    });
  }

  async logits(x: Float32Array): Promise<Float32Array> {
    this.spent.forward += x.length / this.size;
    return Promise.resolve(this.#logits(x));
  }

  async lossGradient(x: Float32Array, labels: Int32Array, loss: LossName, targets?: Int32Array): Promise<LossGradient> {
    this.spent.backward += labels.length;
    const logits = this.#logits(x);
    const losses = new Float32Array(labels.length);
    const seed = new Float32Array(logits.length);
    for (const [row, label] of labels.entries()) {
      const own = logits.subarray(row * this.classes, (row + 1) * this.classes);
      if (loss === 'cross-entropy') {
        const shares = own.map((value) => Math.exp(value - Math.max(...own)));
        const total = shares.reduce((sum, each) => sum + each, 0);
        losses[row] = -Math.log(shares[label]! / total);
        seed.set(
          shares.map((each, index) => each / total - (index === label ? 1 : 0)),
          row * this.classes,
        );
      } else {
        // The other losses only differ from the margin in scale.
        const others = [...own.keys()].filter((index) => index !== label).sort((a, b) => own[b]! - own[a]!);
        const other = targets?.[row] ?? others[0]!;
        losses[row] = own[other]! - own[label]!;
        seed[row * this.classes + other] = 1;
        seed[row * this.classes + label] = -1;
      }
    }
    return Promise.resolve({ logits, loss: losses, gradient: this.#back(seed) });
  }

  async pullback(x: Float32Array, seed: Float32Array): Promise<Omit<LossGradient, 'loss'>> {
    this.spent.backward += x.length / this.size;
    return Promise.resolve({ logits: this.#logits(x), gradient: this.#back(seed) });
  }

  #logits(x: Float32Array): Float32Array {
    const rows = x.length / this.size;
    return Float32Array.from({ length: rows * this.classes }, (_, index) => {
      const [row, kind] = [Math.floor(index / this.classes), index % this.classes];
      return this.#weights[kind]!.reduce(
        (sum, each, place) => sum + each * x[row * this.size + place]!,
        this.#bias[kind]!,
      );
    });
  }

  #back(seed: Float32Array): Float32Array {
    return Float32Array.from({ length: (seed.length / this.classes) * this.size }, (_, index) => {
      const [row, place] = [Math.floor(index / this.size), index % this.size];
      return this.#weights.reduce((sum, each, kind) => sum + seed[row * this.classes + kind]! * each[place]!, 0);
    });
  }
}
