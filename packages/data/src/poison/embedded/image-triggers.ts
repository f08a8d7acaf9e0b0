import { binomialInterval, randomOf } from '@holdfast/statistics';
import { DataError } from '../../errors.ts';
import type { Detector, ImageTrigger, SuspectRow, Suspicion } from '../detector.ts';
import { notLooked } from '../not-looked.ts';
import type { PoisonScene } from '../scene.ts';
import { classStamps } from './class-stamps.ts';
import { nearestOf } from './content.ts';
import { type ImagePattern, patternOf } from './image-pattern.ts';
import { oddLabels, type PixelSearch, plantedItems } from './planted-items.ts';

type Images = NonNullable<PoisonScene['images']>;

/** Fewer pictures cannot hold a trigger that chance would not. */
const fewestRows = 40;
/** Rows that have a say in what a picture looks like. */
const mostAmong = 4000;
/** Patterns that are looked for: each place of a trigger that moves about may be one. */
const mostPatterns = 40;

/**
 * Pixels with one value that go with a label which their pictures do not look like: each value of each pixel, and each pair of the
 * most surprising ones, by the exact binomial test, Bonferroni over all. What a picture looks like is said by the nearest pictures that
 * do not carry what is looked at. Then, with half of the chance of a false alarm, stamps on pictures that keep their label.
 */
export const imageTriggerDetector: Detector = {
  name: 'image-triggers',
  async find(scene) {
    if (scene.images === undefined) return undefined;
    requireImages(scene, scene.images);
    const labelled = scene.labels.reduce((sum, label) => sum + Number(label >= 0), 0);
    const classes = new Set(scene.labels.filter((label) => label >= 0)).size;
    if (labelled < fewestRows)
      return notLooked(
        'image-triggers',
        `${labelled} labelled pictures are too few to find a trigger in (${fewestRows})`,
      );
    if (classes < 2) return notLooked('image-triggers', 'all pictures have one label');
    if (isConstant(scene.images.values))
      return notLooked('image-triggers', 'all pixels of all pictures have one value');
    const search = await searchOf(scene, scene.images);
    if (search === undefined)
      return notLooked('image-triggers', `${scene.rows} pictures are too many to be compared with each other`);
    const patterns = await patternsOf(search);
    return suspicionOf(scene, [...patterns, ...(await stampsOf(search, scene.seed))], labelled);
  },
};

function requireImages({ rows }: PoisonScene, { values, shape: [channels, height, width] }: Images): void {
  if (values.length !== rows * channels * height * width)
    throw new DataError(
      'HF_DATA_IMAGES',
      `there are \`${values.length}\` pixels for \`${rows}\` pictures of \`${channels} × ${height} × ${width}\``,
    );
  const odd = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (odd >= 0) throw new DataError('HF_DATA_IMAGES', `pixel \`${odd}\` is \`${values[odd]}\`, not from 0 to 1`);
}

const isConstant = (values: Float32Array): boolean => values.every((value) => value === values[0]);

async function searchOf(
  { labels, classes, alpha, seed, signal, rows }: PoisonScene,
  { values, shape: [, height, width] }: Images,
): Promise<PixelSearch | undefined> {
  const pixels = values.length / rows;
  const nearest = await nearestOf({ values, width: pixels, labels, seed, signal });
  if (nearest === undefined) return undefined;
  const odd = oddLabels(labels, classes.length, nearest);
  const known = Uint32Array.from(labels.keys()).filter((row) => (labels[row] ?? -1) >= 0);
  const among =
    known.length <= mostAmong ? known : randomOf(seed).fork('masked').shuffle(known).slice(0, mostAmong).sort();
  return {
    values,
    pixels,
    labels: labels.slice(),
    classes: classes.length,
    nearest,
    odd,
    among,
    width,
    height,
    alpha: alpha / 2,
    signal,
  };
}

interface Found extends ImagePattern {
  readonly label: number;
  readonly labels: ImageTrigger['labels'];
  readonly p: number;
}

/** Of what is left when the rows of patterns were taken out. */
async function stampsOf(search: PixelSearch, seed: string): Promise<Found[]> {
  const stamps = await classStamps({ ...search, seed });
  return stamps.map(({ rows, ...stamp }) => ({ ...stamp, labels: 'clean', suspects: rows, carriers: rows }));
}

/** One pattern after the other; the rows of one that was found have no say in what the others look like. */
async function patternsOf(search: PixelSearch): Promise<Found[]> {
  const found: Found[] = [];
  const isTaken = (row: number): boolean => (search.labels[row] ?? -1) < 0;
  while (found.length < mostPatterns) {
    let pattern: Found | undefined;
    for (const planted of await plantedItems(search)) {
      search.signal.throwIfAborted();
      const own = patternOf(search, planted);
      if (own !== undefined) pattern = { ...own, labels: 'changed', label: planted.label, p: planted.p };
      if (pattern !== undefined) break;
    }
    if (pattern === undefined || pattern.suspects.length === 0) break;
    found.push(pattern);
    for (const row of pattern.suspects) search.labels[row] = -1;
    Object.assign(search, { among: search.among.filter((row) => !isTaken(row)) });
  }
  return found;
}

function suspicionOf(scene: PoisonScene, found: readonly Found[], labelled: number): Suspicion {
  const rows = found.flatMap(({ suspects, p }) =>
    suspects.map((row): SuspectRow => ({ row, score: Math.max(0, 1 - p), reason: 'trigger' })),
  );
  const { low, high } = binomialInterval(rows.length, labelled, 0.95, 'clopper-pearson');
  return {
    detector: 'image-triggers',
    ...{ rows, share: { estimate: rows.length / labelled, low, high } },
    triggers: found.map((each) => triggerOf(scene, each)),
    left:
      found.filter(({ labels }) => labels === 'changed').length === mostPatterns
        ? [`image-triggers: there may be more than ${mostPatterns} patterns`]
        : [],
    metrics: { found: found.length },
  };
}

/** The patch is the mean of the suspect pictures where the pattern is. */
function triggerOf(
  { images, labels }: PoisonScene,
  { items, suspects, carriers, label, p, labels: how }: Found,
): ImageTrigger {
  const [channels, height, width] = images?.shape ?? [1, 1, 1];
  const size = channels * height * width;
  const places = items.map(({ pixel }) => ({
    row: Math.floor((pixel % (height * width)) / width),
    column: pixel % width,
    pixel,
  }));
  const [top, left] = [Math.min(...places.map(({ row }) => row)), Math.min(...places.map(({ column }) => column))];
  const shape = [
    channels,
    Math.max(...places.map(({ row }) => row)) - top + 1,
    Math.max(...places.map(({ column }) => column)) - left + 1,
  ] as const;
  const patch = new Float32Array(channels * shape[1] * shape[2]).fill(Number.NaN);
  for (const { row, column, pixel } of places) {
    const channel = Math.floor(pixel / (height * width));
    const mean = suspects.reduce((sum, each) => sum + (images?.values[each * size + pixel] ?? 0), 0) / suspects.length;
    patch[(channel * shape[1] + row - top) * shape[2] + column - left] = mean;
  }
  const rows = [...new Set([...suspects, ...carriers])].filter((row) => (labels[row] ?? -1) >= 0).sort((a, b) => a - b);
  return { kind: 'image', labels: how, label, p, rows, top, left, patch, shape };
}
