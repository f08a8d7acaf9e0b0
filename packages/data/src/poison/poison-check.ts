import type { ArtifactReader, Check, CheckContext, Report, Verdict } from '@holdfast/evidence/check';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { coverageOf } from '../artifact-table.ts';
import { withCopiedTable } from '../database/bound-table.ts';
import { DataError } from '../errors.ts';
import { isShown } from '../profile/profile-check.ts';
import { readOptions } from '../read-options.ts';
import { type Accused, accusedRows, concentratedSources } from './accused.ts';
import type { Detector, Suspicion } from './detector.ts';
import { embeddedDetector } from './embedded/embedded-detector.ts';
import { imageTriggerDetector } from './embedded/image-triggers.ts';
import { poisonFigures } from './figures.ts';
import { poisonFindings } from './findings.ts';
import { labelDetector } from './labels/labels.ts';
import { type Embedded, modelEmbeddings } from './model-embeddings.ts';
import { type DetectorName, type PoisonOptions, poisonSchema } from './options.ts';
import { pixelColumns } from './pictures/pixel-columns.ts';
import { pictureFormat, readPictures } from './pictures/read-pictures.ts';
import { type ReadScene, readScene } from './read-scene.ts';
import { poisonRules } from './rules.ts';
import type { PoisonScene } from './scene.ts';
import { sourceDetector } from './sources/source-detector.ts';
import { suspectRowsOf } from './suspect-rows.ts';
import { triggerDetector } from './triggers/triggers.ts';

/** The check behind `poisonCheck`. Which rows are suspect is signed beside the report. */
export const poisonCheckRun: Check = {
  async run(artifact, given, context) {
    const options = readOptions(poisonSchema, given) as unknown as PoisonOptions;
    const format = pictureFormat(artifact, options);
    if (format !== undefined) {
      const { read, coverage } = await readPictures(artifact, options, format, context);
      return judged(artifact, read, { options, coverage }, context);
    }
    const bound = { signal: context.signal, rule: poisonRules.rows, labels: context.inputs['labels'] };
    return withCopiedTable(artifact, options, bound, async (tables) => {
      const read = await readScene(tables, options, context.signal);
      const coverage = coverageOf(tables);
      if (options.pictures === undefined) return judged(artifact, read, { options, coverage }, context);
      const { images, left } = pixelColumns(read.scene, options.pictures);
      const about = { options, coverage: { ...coverage, left: [...coverage.left, ...left] } };
      return judged(artifact, { ...read, scene: { ...read.scene, images } }, about, context);
    });
  },
};

async function judged(
  artifact: ArtifactReader,
  read: ReadScene,
  about: Judged,
  context: CheckContext,
): Promise<Report> {
  const { options } = about;
  const { embeddings, assumed } = await embeddingsOf(read, options, context);
  const scene = embeddings === undefined ? read.scene : { ...read.scene, embeddings };
  const suspicions = await findAll(scene, options, context);
  return reportOf(artifact, { ...read, scene }, suspicions, { ...about, assumed });
}

async function embeddingsOf(
  read: ReadScene,
  { model, ...options }: PoisonOptions,
  { inputs }: CheckContext,
): Promise<Partial<Embedded>> {
  if (model === undefined) return {};
  const reader = inputs['model'];
  if (reader === undefined) throw new DataError('HF_DATA_MODEL', `there is no \`${model}\``, { where: 'model' });
  return modelEmbeddings(read, reader, options);
}

function detectorOf(name: DetectorName, options: PoisonOptions, { images }: PoisonScene): Detector {
  if (name === 'labels') return labelDetector(options);
  if (name === 'embedded') return embeddedDetector;
  if (name === 'sources') return sourceDetector;
  return images === undefined ? triggerDetector : imageTriggerDetector;
}

/** Each detector has an equal part of the false alarms that are allowed. */
async function findAll(scene: PoisonScene, options: PoisonOptions, context: CheckContext): Promise<Suspicion[]> {
  const { detectors } = options;
  const found: Suspicion[] = [];
  for (const [at, name] of detectors.entries()) {
    scene.signal.throwIfAborted();
    context.progress(at / detectors.length);
    const suspicion = await detectorOf(name, options, scene).find({ ...scene, alpha: scene.alpha / detectors.length });
    if (suspicion !== undefined) found.push(suspicion);
  }
  context.progress(1);
  return found;
}

interface Judged {
  readonly options: PoisonOptions;
  readonly coverage: Report['coverage'];
  /** What a model was given that nobody said it takes. */
  readonly assumed?: string | undefined;
}

function reportOf(
  artifact: ArtifactReader,
  read: ReadScene,
  suspicions: readonly Suspicion[],
  { options, coverage, assumed }: Judged,
): Report {
  const accused = accusedRows(suspicions);
  const concentrated = concentratedSources(read.scene, accused);
  const about = { read, suspicions, accused, concentrated, isShown: isShown(artifact), options, assumed };
  const findings = poisonFindings(about);
  const left = leftOf(read, suspicions, coverage.left);
  const examined = Math.max(0, Math.min(coverage.examined, read.scene.rows));
  const isPartial = left.length > 0 || examined < coverage.total;
  const share = accused.length / Math.max(1, read.scene.rows);
  const verdict: Verdict =
    accused.length > 0 && share > options.maxShare
      ? 'fail'
      : isPartial
        ? 'unknown'
        : findings.some(({ severity }) => severity !== 'info')
          ? 'warn'
          : 'pass';
  return {
    ...{ verdict, origin: 'measured', findings, metrics: metricsOf(read, suspicions, accused) },
    coverage: { examined, total: coverage.total, left },
    figures: poisonFigures(about),
    statements: [
      {
        predicateType: predicateTypes.suspectRows,
        predicate: { ...suspectRowsOf(artifact, about, { examined, left, total: coverage.total }) },
      },
    ],
  };
}

/** What was not looked at, and why. */
function leftOf(
  { scene, pictures, unlabelled }: ReadScene,
  suspicions: readonly Suspicion[],
  unread: readonly string[],
): string[] {
  const [rows, none] = pictures === undefined ? ['rows', 'the table has no row'] : ['pictures', 'there is no picture'];
  return [
    ...(scene.rows === 0 ? [none] : []),
    ...(unlabelled > 0 ? [`${unlabelled} ${rows} have no label`] : []),
    ...unread,
    ...suspicions.flatMap((suspicion) => suspicion.left),
  ].map((line) => line.slice(0, 4000));
}

function metricsOf(
  { scene }: ReadScene,
  suspicions: readonly Suspicion[],
  accused: readonly Accused[],
): Record<string, number> {
  const detailed = suspicions.flatMap(({ detector, metrics = {} }) =>
    Object.entries(metrics).map(([name, value]) => [`${detector}_${name}`, value] as const),
  );
  return {
    ...{ rows: scene.rows, suspects: accused.length },
    suspect_share: accused.length / Math.max(1, scene.rows),
    triggers: suspicions.reduce((sum, { triggers }) => sum + triggers.length, 0),
    poisoned_share: Math.max(0, ...suspicions.map(({ share }) => share.estimate)),
    poisoned_share_at_most: Math.min(
      1,
      ...suspicions.filter(({ rows }) => rows.length > 0).map(({ share }) => share.high),
    ),
    ...Object.fromEntries(detailed),
  };
}
