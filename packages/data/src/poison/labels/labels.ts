import { binomialInterval } from '@holdfast/statistics';
import { regularisedBeta } from '@holdfast/statistics/beta';
import type { Detector, Share, SuspectRow } from '../detector.ts';
import { oddEmbedding } from '../embedded/odd-embedding.ts';
import { notLooked } from '../not-looked.ts';
import type { PoisonScene } from '../scene.ts';
import { type JudgedLabels, judgedLabels } from './judged-labels.ts';

/** How much likelier one class has to be than the others for a row to be judged surely, and so for its label to be contradicted. */
const surely = 0.6;
/** Once too many are contradicted, rows are named from here on. */
const named = 0.4;
/** Where fewer rows are judged surely, wrong labels are not told from rows that are hard to judge. */
const leastSure = 0.9;
const fewestRows = 50;
const confidence = 0.95;

export interface LabelOptions {
  /** The share of labels of a sound table that contradict all rows like them. */
  readonly labelNoise: number;
}

/** What a table says about its labels. */
export interface LabelTest {
  /** Rows that are judged surely, and those of them whose label contradicts that. */
  readonly sure: number;
  readonly contradictions: number;
  /** The chance of so many where a share of `labelNoise` is natural. */
  readonly p: number;
  readonly isAlarm: boolean;
  /** Whether enough rows are judged surely. */
  readonly isTold: boolean;
}

/**
 * Labels that contradict the rows like them: the neighbours and trees that have not seen the row (confident learning). Natural tables hold
 * such rows, too, so that only more of them than a tolerated share raise an alarm, by the exact binomial test; and nothing is said where
 * the columns tell the label of too few rows.
 */
export const labelDetector = (options: LabelOptions): Detector => ({
  name: 'labels',
  async find(scene) {
    const counts = countsOf(scene);
    const labelled = counts.reduce((sum, count) => sum + count, 0);
    if (labelled < fewestRows)
      return notLooked('labels', `${labelled} labelled rows are too few to judge a label by (${fewestRows})`);
    if (counts.filter((count) => count > 0).length < 2) return notLooked('labels', 'all rows have one label');
    const { embeddings, ...without } = scene;
    const odd = embeddings === undefined ? undefined : oddEmbedding(embeddings);
    const judged = await judgedLabels(odd === undefined ? scene : without);
    const suspicion = suspicionOf(scene, judged, testOf(scene, judged, options), labelled);
    return odd === undefined ? suspicion : { ...suspicion, left: [`labels: ${odd}`] };
  },
});

const countsOf = ({ labels, classes }: PoisonScene): number[] => {
  const counts = classes.map(() => 0);
  for (const label of labels) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
};

export function testOf(
  { labels, alpha }: PoisonScene,
  { margins }: Pick<JudgedLabels, 'margins'>,
  { labelNoise }: LabelOptions,
): LabelTest {
  let [sure, contradictions, labelled] = [0, 0, 0];
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue;
    labelled += 1;
    const margin = margins[row] ?? 0;
    if (Math.abs(margin) >= surely) sure += 1;
    if (margin >= surely) contradictions += 1;
  }
  const p = contradictions === 0 ? 1 : regularisedBeta(labelNoise, contradictions, sure - contradictions + 1);
  const isTold = sure >= leastSure * labelled;
  return { sure, contradictions, p, isTold, isAlarm: isTold && p < alpha };
}

function suspicionOf(scene: PoisonScene, judged: JudgedLabels, test: LabelTest, labelled: number) {
  const { isAlarm, isTold } = test;
  const rows: SuspectRow[] = [];
  if (isAlarm) {
    for (const [row, margin] of judged.margins.entries()) {
      if (margin >= named) rows.push({ row, score: Math.min(1, (1 + margin) / 2), reason: 'label' });
    }
  }
  return {
    ...{ detector: 'labels', rows, triggers: [], left: [] },
    share: shareOf(test, labelled),
    metrics: {
      contradictions: test.contradictions,
      judged_surely: test.sure,
      judged_surely_share: test.sure / labelled,
      told: Number(isTold),
      noise_estimate: offDiagonal(judged),
      p: test.p,
    },
  };
}

/** Of the rows that are judged surely, those that contradict it; Clopper–Pearson. Where too few are, anything may be. */
function shareOf({ sure, contradictions, isTold, isAlarm }: LabelTest, labelled: number): Share {
  if (sure === 0) return { estimate: 0, low: 0, high: 1 };
  const { low, high } = binomialInterval(contradictions, sure, confidence, 'clopper-pearson');
  // Of rows that nobody can judge any label may be wrong.
  const most = isTold ? high : Math.min(1, (high * sure + labelled - sure) / labelled);
  return { estimate: isAlarm ? contradictions / sure : 0, low: isAlarm ? low : 0, high: most };
}

/** The share of labels that are wrong, by the confident joint. */
function offDiagonal({ joint: { shares }, judged: { classes } }: JudgedLabels): number {
  let right = 0;
  for (let label = 0; label < classes; label += 1) right += shares[label * classes + label] ?? 0;
  return Math.min(1, Math.max(0, 1 - right));
}
