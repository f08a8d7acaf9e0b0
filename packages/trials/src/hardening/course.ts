import { setImmediate } from 'node:timers/promises';
import type { Random } from '@holdfast/statistics';
import type { Samples, Threat } from '../attacks/attack.ts';
import { TrialsError } from '../errors.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { hasCollapsed } from './collapse.ts';
import { type Scores, scores } from './held-out.ts';
import { adam } from './optimiser.ts';
import { all, type Epoch, type Position, type TrainOptions, train } from './train.ts';
import type { Trainable, Weights } from './trainable.ts';

/** How a model is trained, and when enough is enough. */
export interface CourseOptions extends TrainOptions {
  /** What the held-out rows are attacked with. */
  readonly threat: Threat;
  /** Ends behind so many epochs in which nothing got better; never unless given. */
  readonly patience?: number;
  /** Looks four times an epoch whether single steps only seem to be withstood. */
  readonly watchesCollapse?: boolean;
}

/** Around a course. */
export interface CourseSurroundings {
  readonly signal?: AbortSignal;
  /** Is told how far it is, 0 to 1, and what it does. */
  readonly progress?: (done: number, what: string) => void;
  /** Where it keeps what it needs to go on, and how often; `of` says what it began with. */
  readonly keep?: {
    readonly path: string;
    readonly of: string;
    readonly everySeconds: number;
    readonly resume: boolean;
  };
}

/** A look at the held-out rows. */
export interface Look {
  /** How many epochs it had been trained for. */
  readonly epoch: number;
  readonly scores: Scores;
}

export interface Course {
  /** The weights that were chosen, and the running statistics that belong to them. */
  readonly weights: Weights;
  readonly epochs: readonly Epoch[];
  readonly looks: readonly Look[];
  /** The look behind which they were chosen; absent where no rows were held out: then they are the last. */
  readonly chosen?: Look;
  /** `early`: nothing got better. `collapsed`: single steps only seemed to be withstood. */
  readonly ended: 'finished' | 'early' | 'collapsed';
}

/** All that changes, and survives JSON. */
interface Progress {
  readonly position: Position;
  readonly epochs: Epoch[];
  readonly looks: Look[];
  chosen: Look | undefined;
  ended: Course['ended'] | undefined;
  steps: number;
  averaged: number;
}

/**
 * Trains, looks at the held-out rows behind every epoch, and chooses the most robust weights that it saw. What it keeps is
 * written behind every epoch and every `everySeconds` between: going on from there gives the same bits.
 * @param held empty: the last weights are chosen
 * @throws TrialsError HF_TRIALS_INTERRUPTED, HF_TRIALS_DIVERGED, HF_TRIALS_CHECKPOINT; the system's error where nothing can
 * be kept (a full disk): what was kept before is there
 */
export async function follow(
  trainable: Trainable,
  { train: samples, held }: { readonly train: Samples; readonly held: Samples },
  random: Random,
  options: CourseOptions,
  around: CourseSurroundings = {},
): Promise<Course> {
  const runner = new Runner(trainable, held, random, options, around);
  await runner.restore();
  if (runner.state.ended === undefined) await runner.run(samples);
  return runner.course();
}

class Runner {
  state: Progress = {
    ...{ position: { epoch: 0, batch: 0, loss: 0, right: 0 }, epochs: [], looks: [] },
    ...{ chosen: undefined, ended: undefined, steps: 0, averaged: 0 },
  };
  readonly #trainable: Trainable;
  readonly #held: Samples;
  readonly #random: Random;
  readonly #options: CourseOptions & { readonly optimiser: NonNullable<TrainOptions['optimiser']> };
  readonly #around: CourseSurroundings;
  #best = new Map<string, Float32Array>();
  #kept = performance.now();

  constructor(trainable: Trainable, held: Samples, random: Random, options: CourseOptions, around: CourseSurroundings) {
    this.#trainable = trainable;
    this.#held = held;
    this.#random = random;
    this.#options = { ...options, optimiser: options.optimiser ?? adam() };
    this.#around = around;
  }

  async run(samples: Samples): Promise<void> {
    const batches = Math.ceil(samples.labels.length / this.#options.batch);
    const onlooker = {
      stepped: async (_: Readonly<Position>, progress: number) => this.#stepped(progress, batches),
      finished: async (epoch: Epoch) => this.#finished(epoch),
    };
    await train(this.#trainable, samples, this.#random, this.#options, onlooker, this.state.position);
    this.state.ended ??= 'finished';
    await this.#keep();
  }

  async #stepped(progress: number, batches: number): Promise<'stop' | undefined> {
    await setImmediate(); // signals are heard between turns of the event loop only
    const { epoch, batch } = this.state.position;
    this.#around.progress?.(progress, `epoch ${epoch + 1} of ${this.#options.epochs}`);
    const quarter = Math.max(1, Math.floor(batches / 4));
    const isDue = this.#options.watchesCollapse === true && batch % quarter === 0 && batch < batches;
    if (isDue && (await this.#look(epoch + batch / batches)) === 'stop') return 'stop';
    if (this.#around.signal?.aborted === true) {
      await this.#keep();
      throw new TrialsError('HF_TRIALS_INTERRUPTED', `interrupted in epoch ${epoch + 1}, behind batch ${batch}`);
    }
    const { keep } = this.#around;
    if (keep !== undefined && performance.now() - this.#kept >= 1000 * keep.everySeconds) await this.#keep();
    return undefined;
  }

  async #finished(epoch: Epoch): Promise<'stop' | undefined> {
    this.state.epochs.push(epoch);
    const stops = await this.#look(epoch.epoch);
    const { chosen } = this.state;
    const { patience = Number.POSITIVE_INFINITY, epochs } = this.#options;
    if (chosen !== undefined && epoch.epoch - chosen.epoch >= patience && epoch.epoch < epochs) {
      this.state.ended ??= 'early';
    }
    await this.#keep();
    return stops === 'stop' || this.state.ended !== undefined ? 'stop' : undefined;
  }

  /** Looks at the held-out rows, and remembers the weights if they are the most robust so far. */
  async #look(epoch: number): Promise<'stop' | undefined> {
    if (this.#held.labels.length === 0) return undefined;
    const weights = this.#current();
    const found = await scores(
      this.#trainable,
      this.#held,
      this.#options.threat,
      this.#random.fork('held out'),
      weights,
    );
    const look = { epoch, scores: found };
    this.state.looks.push(look);
    const { chosen } = this.state;
    if (this.#options.watchesCollapse === true && hasCollapsed(found, chosen?.scores.robust ?? 0)) {
      this.state.ended = 'collapsed';
      return 'stop';
    }
    if (chosen === undefined || isBetter(found, chosen.scores)) {
      this.state.chosen = look;
      this.#best = new Map([...weights].map(([name, values]) => [name, values.slice()]));
    }
    return undefined;
  }

  #current(): Weights {
    const average = this.#options.average?.weights;
    return average === undefined || average.size === 0 ? all(this.#trainable) : average;
  }

  course(): Course {
    const { epochs, looks, chosen, ended = 'finished' } = this.state;
    const weights = chosen === undefined ? this.#current() : this.#best;
    return { weights, epochs, looks, ended, ...(chosen === undefined ? {} : { chosen }) };
  }

  async #keep(): Promise<void> {
    const { keep } = this.#around;
    if (keep === undefined) return;
    const { optimiser, average } = this.#options;
    const numbers = { ...this.state, steps: optimiser.count, averaged: average?.count ?? 0 };
    const parts = Object.entries(this.#arrays()).flatMap(([part, arrays]) =>
      [...arrays].map(([name, values]) => [`${part}:${name}`, values] as const),
    );
    await writeCheckpoint(keep.path, { of: keep.of, numbers, arrays: new Map(parts) });
    this.#kept = performance.now();
  }

  /** Goes on where a kept training was. */
  async restore(): Promise<void> {
    const { keep } = this.#around;
    if (keep?.resume !== true) return;
    const found = await readCheckpoint(keep.path, keep.of);
    if (found === undefined) {
      throw new TrialsError('HF_TRIALS_CHECKPOINT', `there is no \`${keep.path}\` to go on from`);
    }
    this.#take(found);
  }

  #take({ numbers, arrays }: Checkpoint): void {
    this.state = numbers as Progress;
    const { optimiser, average } = this.#options;
    optimiser.count = this.state.steps;
    if (average !== undefined) average.count = this.state.averaged;
    const into = this.#arrays();
    for (const [key, values] of arrays) {
      const colon = key.indexOf(':');
      into[key.slice(0, colon)]?.set(key.slice(colon + 1), values);
    }
  }

  #arrays(): Record<string, Map<string, Float32Array>> {
    const { optimiser, average } = this.#options;
    return {
      ...{ weights: this.#trainable.weights, statistics: this.#trainable.statistics },
      ...{
        optimiser: optimiser.memory,
        average: average?.weights ?? new Map<string, Float32Array>(),
        best: this.#best,
      },
    };
  }
}

function isBetter(one: Scores, other: Scores): boolean {
  return one.robust > other.robust || (one.robust === other.robust && one.clean > other.clean);
}
