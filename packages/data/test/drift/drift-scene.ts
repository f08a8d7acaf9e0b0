import { driftCheck } from '@holdfast/data/drift/check';
import type { ArtifactReader, Report } from '@holdfast/evidence/check';
import { readerOf } from '../anomaly/anomaly-scene.ts';

export interface Held {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly classification?: ArtifactReader['classification'];
  /** Of the reference. */
  readonly referenceClassification?: ArtifactReader['classification'];
}

/** What the check says about a file, or a folder of files, held against another; with nothing, as if there were no reference. */
export async function heldAgainst(path: string, reference: string | undefined, held: Held = {}): Promise<Report> {
  const { options = {}, classification, referenceClassification } = held;
  const check = await driftCheck.load();
  const inputs = reference === undefined ? {} : { reference: await readerOf(reference, referenceClassification) };
  const given = { threads: 1, memory: '500MB', multivariate: false, reference: reference ?? 'nowhere.csv', ...options };
  const { signal } = new AbortController();
  return check.run(await readerOf(path, classification), given, { signal, inputs, progress: () => undefined });
}

/** The columns that findings of a rule are about; of rows as a whole, nothing. */
export const named = ({ findings }: Report, rule: string): string[] =>
  findings.filter((each) => each.rule === `data.drift.${rule}`).map(({ where = '' }) => where.replace(/^column /, ''));
