import { predictions, type Victim } from '../victim.ts';
import { ranked } from './apgd.ts';
import type { Attack, Samples, Threat } from './attack.ts';
import { type Ball, clip, distances, normOf } from './ball.ts';
import { PlaneMove } from './fab-projection.ts';
import { awayFrom } from './random-direction.ts';
import { rowsOf } from './rows.ts';

export interface FabOptions {
  /** 100 in AutoAttack. */
  readonly steps: number;
  /** The first begins at the sample, others half a radius away from it. */
  readonly restarts?: number;
  /** The classes that come second, third … at the sample, one after the other; without it, each step goes to the nearest. */
  readonly targets?: number;
  /** Whether it goes on where a row already lies within the radius of the threat, to come nearer. */
  readonly nearest?: boolean;
}

/** How much of a step goes towards the sample, at most. */
const towardsSample = 0.1;
/** How far a step goes beyond the plane. */
const overshoot = 1.05;
/** Where a row that is broken goes on: between the sample and where it is. */
const backward = 0.9;

/**
 * Fast Adaptive Boundary attack: looks for the nearest point of another class, by projections to the planes of the linearised
 * model within the bounds (Croce & Hein, arXiv:1907.02044, algorithm 1, without the final search, as AutoAttack has it).
 * What it gives may lie outside the radius.
 */
export function fab({ steps, restarts = 1, targets, nearest = false }: FabOptions): Attack {
  return async (victim, samples, threat, random) => {
    const found = new Found(samples, victim.size, threat.ball, nearest);
    const clean = predictions(await victim.logits(samples.x), victim.classes);
    for (let run = 0; run < restarts * (targets ?? 1); run += 1) {
      const rows = found.left().filter((row) => clean[row] === samples.labels[row]);
      if (rows.length === 0) break;
      const part = rowsOf(samples, rows, victim.size);
      const place = 2 + Math.trunc(run / restarts);
      const chosen = targets === undefined ? undefined : await ranked(victim, part, place);
      const { norm, epsilon } = threat.ball;
      const isFirst = run % restarts === 0;
      const start = isFirst ? part.x.slice() : awayFrom(part.x, victim.size, norm, epsilon / 2, random);
      clip(start, threat.bounds);
      await approach({ victim, threat, found, steps, targets: chosen }, part, rows, start);
    }
    return found.x;
  };
}

/** The nearest point of another class, for each row, so far. */
class Found {
  readonly x: Float32Array;
  readonly #samples: Samples;
  readonly #size: number;
  readonly #ball: Ball;
  readonly #isNearest: boolean;
  readonly #distances: Float64Array;

  constructor(samples: Samples, size: number, ball: Ball, isNearest: boolean) {
    this.x = samples.x.slice();
    this.#samples = samples;
    this.#size = size;
    this.#ball = ball;
    this.#isNearest = isNearest;
    this.#distances = new Float64Array(samples.labels.length).fill(Number.POSITIVE_INFINITY);
  }

  /** Whether a row needs no more work. */
  isDone(row: number): boolean {
    return !this.#isNearest && (this.#distances[row] as number) <= this.#ball.epsilon;
  }

  left(): number[] {
    return [...this.#samples.labels.keys()].filter((row) => !this.isDone(row));
  }

  note(row: number, point: Float32Array): void {
    const start = row * this.#size;
    const origin = this.#samples.x.subarray(start, start + this.#size);
    const distance = distances(point, origin, this.#size, this.#ball.norm)[0] as number;
    if (!(distance < (this.#distances[row] as number))) return;
    this.#distances[row] = distance;
    this.x.set(point, start);
  }
}

interface Search {
  readonly victim: Victim;
  readonly threat: Threat;
  readonly found: Found;
  readonly steps: number;
  readonly targets: Int32Array | undefined;
}

/** @param rows what the rows of `samples` are called in `found` */
async function approach(search: Search, samples: Samples, rows: readonly number[], start: Float32Array): Promise<void> {
  const { victim, found, targets } = search;
  const { size, classes } = victim;
  const advance = new Advance(size, search.threat);
  const x = start;
  for (let step = 0; step < search.steps; step += 1) {
    const places = [...rows.keys()].filter((place) => !found.isDone(rows[place] as number));
    if (places.length === 0) return;
    const origin = rowsOf(samples, places, size);
    const here = rowsOf({ x, labels: samples.labels }, places, size);
    const chosen = targets === undefined ? undefined : Int32Array.from(places, (place) => targets[place] as number);
    const planes = await nearestPlanes(victim, here, chosen, search.threat.ball.norm);
    for (const at of places.keys()) advance.row(here.x, origin.x, at, planes);
    clip(here.x, search.threat.bounds);
    const predicted = predictions(await victim.logits(here.x), classes);
    for (const [at, place] of places.entries()) {
      const point = here.x.subarray(at * size, (at + 1) * size);
      if (predicted[at] !== here.labels[at]) {
        found.note(rows[place] as number, point);
        for (let index = 0; index < size; index += 1) {
          const centre = origin.x[at * size + index] as number;
          point[index] = centre + ((point[index] as number) - centre) * backward;
        }
      }
      x.set(point, place * size);
    }
  }
}

/** For each row the difference f of a logit to that of its own class, and the slope of f: of the nearest plane f = 0. */
interface Planes {
  readonly f: Float64Array;
  readonly slope: Float32Array;
}

async function nearestPlanes(
  victim: Victim,
  { x, labels }: Samples,
  targets: Int32Array | undefined,
  norm: Ball['norm'],
): Promise<Planes> {
  const { size, classes } = victim;
  const dual = norm === 'linf' ? 'l1' : norm === 'l1' ? 'linf' : 'l2';
  const planes = { f: new Float64Array(labels.length), slope: new Float32Array(x.length) };
  const nearest = new Float64Array(labels.length).fill(Number.POSITIVE_INFINITY);
  for (let other = 1; other < (targets === undefined ? classes : 2); other += 1) {
    // Of the classes beside its own, each row looks at one in a round; with targets there is but one round.
    const classOf = (row: number): number => targets?.[row] ?? ((labels[row] as number) + other) % classes;
    const seed = new Float32Array(labels.length * classes);
    for (const [row, label] of labels.entries()) {
      seed[row * classes + label] = -1;
      seed[row * classes + classOf(row)] = 1;
    }
    const { logits, gradient } = await victim.pullback(x, seed);
    for (const [row, label] of labels.entries()) {
      const f = (logits[row * classes + classOf(row)] as number) - (logits[row * classes + label] as number);
      const distance = Math.abs(f) / (1e-12 + normOf(gradient, row, size, dual));
      if (!(distance < (nearest[row] as number))) continue;
      nearest[row] = distance;
      planes.f[row] = f;
      planes.slope.set(gradient.subarray(row * size, (row + 1) * size), row * size);
    }
  }
  return planes;
}

/** Steps of rows: to the plane from where a row is, and a little from the sample, the more the nearer that comes. */
class Advance {
  readonly #norm: Ball['norm'];
  readonly #size: number;
  readonly #own: PlaneMove;
  readonly #fromSample: PlaneMove;

  constructor(size: number, { ball, bounds }: Threat) {
    this.#norm = ball.norm;
    this.#size = size;
    this.#own = new PlaneMove(size, ball.norm, bounds);
    this.#fromSample = new PlaneMove(size, ball.norm, bounds);
  }

  /** Moves one row of `x` in place. */
  row(x: Float32Array, origin: Float32Array, row: number, { f, slope }: Planes): void {
    const [start, end] = [row * this.#size, (row + 1) * this.#size];
    const [here, sample, w] = [x.subarray(start, end), origin.subarray(start, end), slope.subarray(start, end)];
    const excess = f[row] as number;
    // so much farther is the sample from the plane
    let offset = 0;
    for (let index = 0; index < w.length; index += 1) {
      offset += (w[index] as number) * ((sample[index] as number) - (here[index] as number));
    }
    const own = this.#own.of({ point: here, w, excess });
    const fromSample = this.#fromSample.of({ point: sample, w, excess: excess + offset });
    const [near, far] = [Math.max(lengthOf(own, this.#norm), 1e-8), Math.max(lengthOf(fromSample, this.#norm), 1e-8)];
    const share = Math.min(near / (near + far), towardsSample);
    for (let index = 0; index < w.length; index += 1) {
      const forward = (here[index] as number) + overshoot * (own[index] as number);
      const back = (sample[index] as number) + overshoot * (fromSample[index] as number);
      here[index] = (1 - share) * forward + share * back;
    }
  }
}

function lengthOf(move: Float64Array, norm: Ball['norm']): number {
  let total = 0;
  for (let index = 0; index < move.length; index += 1) {
    const value = Math.abs(move[index] as number);
    if (norm === 'linf') total = value > total ? value : total;
    else total += norm === 'l1' ? value : value * value;
  }
  return norm === 'l2' ? Math.sqrt(total) : total;
}
