import type { Random } from '@holdfast/statistics';
import type { Samples } from '../attacks/attack.ts';
import { rowsOf } from '../attacks/rows.ts';
import { TrialsError } from '../errors.ts';
import { predictions } from '../victim.ts';
import type { Average } from './averaging.ts';
import type { Method } from './methods/method.ts';
import { plain } from './methods/plain.ts';
import { adam, type Optimiser } from './optimiser.ts';
import type { Schedule } from './schedule.ts';
import type { Trainable, Weights } from './trainable.ts';

export interface TrainOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: Schedule;
  readonly optimiser?: Optimiser;
  /** What each batch is turned into; itself unless given. */
  readonly method?: Method;
  readonly average?: Average;
}

/** What an epoch came to, on the samples as they were trained on. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** How far a training is: the next batch, and what the batches of its epoch came to so far. */
export interface Position {
  epoch: number;
  batch: number;
  loss: number;
  right: number;
}

/** Whether to train on. */
type Wish = 'stop' | undefined;

/** Who looks on while a model is trained. */
export interface Onlooker {
  /** Behind every batch: `position` is the next one. @returns `stop` to train no further */
  stepped?(position: Readonly<Position>, progress: number): Wish | Promise<Wish>;
  /** Behind every epoch. @returns `stop` to train no further */
  finished?(epoch: Epoch): Wish | Promise<Wish>;
}

/**
 * Trains a model in place: `trainable.weights` change.
 * @param random draws the order of the rows and the starts of adversaries, of every epoch and batch by its number: the same
 * seed gives the same weights, also when the training goes on behind an interruption
 * @param position where it begins; changes with every batch
 * @throws TrialsError HF_TRIALS_DIVERGED where the loss is no number any more
 */
export async function train(
  trainable: Trainable,
  samples: Samples,
  random: Random,
  options: TrainOptions,
  onlooker: Onlooker = {},
  position: Position = { epoch: 0, batch: 0, loss: 0, right: 0 },
): Promise<void> {
  const optimiser = options.optimiser ?? adam();
  const rows = samples.labels.length;
  const batches = Math.ceil(rows / options.batch);
  while (position.epoch < options.epochs) {
    const order = random.fork(`epoch ${position.epoch}`).shuffle([...samples.labels.keys()]);
    while (position.batch < batches) {
      const places = order.slice(position.batch * options.batch, (position.batch + 1) * options.batch);
      await learn(
        trainable,
        rowsOf(samples, places, trainable.size),
        random,
        { ...options, optimiser },
        position,
        batches,
      );
      position.batch += 1;
      const progress = (position.epoch + position.batch / batches) / options.epochs;
      if ((await onlooker.stepped?.(position, progress)) === 'stop') return;
    }
    const epoch = { epoch: position.epoch + 1, loss: position.loss / rows, accuracy: position.right / rows };
    Object.assign(position, { epoch: position.epoch + 1, batch: 0, loss: 0, right: 0 });
    if ((await onlooker.finished?.(epoch)) === 'stop') return;
  }
}

async function learn(
  trainable: Trainable,
  part: Samples,
  random: Random,
  { optimiser, method = plain(), average, rate, epochs }: TrainOptions & { readonly optimiser: Optimiser },
  position: Position,
  batches: number,
): Promise<void> {
  const { epoch, batch } = position;
  const lesson = await method.teach(trainable, part, random.fork(`batch ${epoch}.${batch}`));
  const loss = lesson.loss.reduce((sum, each) => sum + each, 0);
  if (!Number.isFinite(loss)) {
    throw new TrialsError('HF_TRIALS_DIVERGED', `the loss is \`${loss}\` in epoch ${epoch + 1}, batch ${batch + 1}`);
  }
  const progress = (epoch * batches + batch) / (epochs * batches);
  optimiser.step(trainable.weights, lesson.gradients, part.labels.length, rate(progress));
  average?.take(all(trainable), (epoch * batches + batch + 1) / (epochs * batches));
  position.loss += loss;
  const found = predictions(lesson.logits, trainable.classes);
  position.right += found.filter((label, row) => label === part.labels[row]).length;
}

/** Weights, and the running statistics that belong to them. */
export function all({ weights, statistics }: Trainable): Weights {
  return new Map([...weights, ...statistics]);
}
