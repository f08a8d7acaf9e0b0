import { type Attack, basicIterative, type LossGradient, type Victim } from '@holdfast/trials';

/** A score of one row: the greater, the more anomalous. */
export type Score = (row: Float32Array) => number;

/**
 * An attacker who has the score as well as the model: steps of PGD along the gradient of the margin where a row's score is at most `limit`,
 * and with the slope of the score against it where it is above. Keeps of each row the least anomalous of the changes that the model errs on.
 */
export function stayingLikely(score: Score, limit: number, steps: number): Attack {
  return async (victim, samples, threat, random) => {
    const watched = new Watched(victim, samples.x, score, limit);
    const stepSize = (2.5 * threat.ball.epsilon) / steps;
    await basicIterative(steps, stepSize)(watched, samples, threat, random);
    return watched.best;
  };
}

class Watched implements Victim {
  readonly dims: readonly number[];
  readonly size: number;
  readonly classes: number;
  /** The rows themselves where nothing was found. */
  readonly best: Float32Array;
  readonly #victim: Victim;
  readonly #score: Score;
  readonly #limit: number;
  readonly #least: Float64Array;

  constructor(victim: Victim, x: Float32Array, score: Score, limit: number) {
    [this.dims, this.size, this.classes] = [victim.dims, victim.size, victim.classes];
    this.best = x.slice();
    this.#victim = victim;
    this.#score = score;
    this.#limit = limit;
    this.#least = new Float64Array(x.length / victim.size).fill(Number.POSITIVE_INFINITY);
  }

  get spent() {
    return this.#victim.spent;
  }

  async classify(x: Float32Array): Promise<Int32Array> {
    return this.#victim.classify(x);
  }

  async logits(x: Float32Array): Promise<Float32Array> {
    return this.#victim.logits(x);
  }

  async pullback(x: Float32Array, seed: Float32Array): Promise<Omit<LossGradient, 'loss'>> {
    return this.#victim.pullback(x, seed);
  }

  async lossGradient(x: Float32Array, labels: Int32Array): Promise<LossGradient> {
    const classes = await this.#victim.classify(x);
    const found = await this.#victim.lossGradient(x, labels, 'margin');
    const gradient = found.gradient.slice();
    for (const [row, label] of labels.entries()) {
      const [from, to] = [row * this.size, (row + 1) * this.size];
      const values = x.slice(from, to);
      const score = this.#score(values);
      const isOther = classes[row] !== label;
      if (isOther && score < this.#least[row]!) {
        this.#least[row] = score;
        this.best.set(values, from);
      }
      // Once it errs, only the score is left to be lowered.
      if (!isOther && score <= this.#limit) continue;
      this.#mix(gradient.subarray(from, to), this.#slope(values, score), isOther ? 0.3 : 1);
    }
    return { ...found, gradient };
  }

  /** Both of length 1, the slope of the score against the other. */
  #mix(gradient: Float32Array, slope: Float32Array, share: number): void {
    const [one, other] = [Math.hypot(...gradient) || 1, Math.hypot(...slope) || 1];
    for (const [at, value] of gradient.entries()) gradient[at] = (share * value) / one - (slope[at] ?? 0) / other;
  }

  /** Differences over a step that is longer than the stairs of the score. */
  #slope(values: Float32Array, score: number): Float32Array {
    const step = 0.02;
    return values.map((value, at) => {
      const towards = value > 0.5 ? -step : step;
      values[at] = value + towards;
      const slope = (this.#score(values) - score) / towards;
      values[at] = value;
      return slope;
    });
  }
}
