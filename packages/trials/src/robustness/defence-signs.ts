import type { Finding } from '@holdfast/evidence/check';
import type { Model } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import type { Samples, Threat } from '../attacks/attack.ts';
import { clip, normOf } from '../attacks/ball.ts';
import { awayFrom } from '../attacks/random-direction.ts';
import { rowsOf } from '../attacks/rows.ts';
import { isWithoutGradient } from '../onnx-victim.ts';
import { predictions, type Victim } from '../victim.ts';
import { robustnessRules } from './rules.ts';
import { unsteadyNodes } from './unsteady-nodes.ts';

/** What is looked at before a suite runs. */
export interface Defence {
  readonly victim: Victim;
  readonly model: Model;
  readonly samples: Samples;
  readonly threat: Threat;
  readonly random: Random;
}

/** Rows that are looked at, and runs that are compared, as in AutoAttack. */
const [most, runs] = [250, 5] as const;
/** From so far apart on, two answers differ: the L2 norm between logits that are scaled to length 1. */
const apart = 1e-4;

/**
 * AutoAttack's warnings: a model for which the suite is not enough, or not right (Croce & Hein, and the flags that their
 * library raises): random answers, answers that depend on the rest of the batch, operators that make it so, probabilities
 * in place of logits, rows without a gradient.
 */
export async function defenceSigns(defence: Defence): Promise<Finding[]> {
  const { victim, samples } = defence;
  if (samples.labels.length === 0) return [];
  const rows = [...samples.labels.keys()].slice(0, most);
  const some = { ...defence, samples: rowsOf(samples, rows, victim.size) };
  const answer = (await victim.logits(some.samples.x)).slice();
  const random = await randomAnswers(some, answer);
  return [
    ...random,
    ...(random.length > 0 ? [] : await answersOfTheBatch(some, answer)),
    ...operators(defence.model),
    ...probabilities(answer, victim.classes),
    ...(await flatStarts(some)),
  ];
}

function finding(name: keyof typeof robustnessRules, message: string): Finding {
  const { id, severity, fix } = robustnessRules[name];
  return { rule: id, severity, message, fix };
}

async function randomAnswers({ victim, samples }: Defence, answer: Float32Array): Promise<Finding[]> {
  const right = (logits: Float32Array): number =>
    predictions(logits, victim.classes).filter((label, row) => label === samples.labels[row]).length;
  let [farthest, accuracies] = [0, new Set([right(answer)])];
  for (let run = 1; run < runs; run += 1) {
    const again = await victim.logits(samples.x);
    farthest = Math.max(farthest, ...gaps(answer, again, victim.classes));
    accuracies = accuracies.add(right(again));
  }
  if (accuracies.size === 1 && farthest <= apart) return [];
  const size = farthest.toPrecision(2);
  return [
    finding('randomised', `${runs} runs on the same ${samples.labels.length} rows gave outputs up to ${size} apart`),
  ];
}

/** Rows alone, against the same rows among others. */
async function answersOfTheBatch({ victim, samples }: Defence, answer: Float32Array): Promise<Finding[]> {
  const rows = [...samples.labels.keys()].slice(0, 8);
  let differ = 0;
  for (const row of rows) {
    const alone = await victim.logits(rowsOf(samples, [row], victim.size).x);
    const among = answer.subarray(row * victim.classes, (row + 1) * victim.classes);
    if ((gaps(among, alone, victim.classes)[0] as number) > apart) differ += 1;
  }
  if (differ === 0) return [];
  return [finding('dynamic', `${differ} of ${rows.length} rows get another answer alone than together with others`)];
}

/** Of each row the distance of two answers, each scaled to length 1; 0 where any is NaN, which is another finding. */
function gaps(one: Float32Array, other: Float32Array, classes: number): number[] {
  return Array.from({ length: one.length / classes }, (_, row) => {
    const [first, second] = [normOf(one, row, classes, 'l2') + 1e-10, normOf(other, row, classes, 'l2') + 1e-10];
    let square = 0;
    for (let index = row * classes; index < (row + 1) * classes; index += 1) {
      square += ((one[index] as number) / first - (other[index] as number) / second) ** 2;
    }
    return Number.isNaN(square) ? 0 : Math.sqrt(square);
  });
}

function operators(model: Model): Finding[] {
  const words = new Set(unsteadyNodes(model).map(({ opType, why }) => `\`${opType}\` ${why}`));
  return words.size === 0 ? [] : [finding('operators', [...words].join('; '))];
}

/** Numbers between 0 and 1 that add up to 1 in every row. */
function probabilities(answer: Float32Array, classes: number): Finding[] {
  const tolerance = 1e-5;
  if (answer.some((value) => !(value > -tolerance && value < 1 + tolerance))) return [];
  for (let start = 0; start < answer.length; start += classes) {
    const sum = answer.subarray(start, start + classes).reduce((total, value) => total + value, 0);
    if (!(Math.abs(sum - 1) < tolerance)) return [];
  }
  return [finding('probabilities', 'the outputs that attacks work with lie between 0 and 1 and add up to 1')];
}

/** Rows whose DLR loss is flat where APGD begins. Where a row is misled already DLR may be flat by itself: these are left out. */
async function flatStarts({ victim, samples, threat, random }: Defence): Promise<Finding[]> {
  const { norm, epsilon } = threat.ball;
  const x = awayFrom(samples.x, victim.size, norm, epsilon, random);
  clip(x, threat.bounds);
  try {
    const { gradient, logits } = await victim.lossGradient(x, samples.labels, victim.classes < 3 ? 'margin' : 'dlr');
    const found = predictions(logits, victim.classes);
    const isFlat = (label: number, row: number): boolean =>
      found[row] === label && normOf(gradient, row, victim.size, 'l1') === 0;
    const flat = samples.labels.filter(isFlat).length;
    if (flat === 0) return [];
    return [finding('flat', `the gradient of ${flat} of ${samples.labels.length} rows is 0 where attacks begin`)];
  } catch (error) {
    // A model without a gradient is for others to report: attacks with gradients say which operator has none.
    if (isWithoutGradient(error)) return [];
    throw error;
  }
}
