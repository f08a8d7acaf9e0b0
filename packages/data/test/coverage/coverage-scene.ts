import { coverageCheck } from '@holdfast/data/coverage/check';
import type { ArtifactReader, Report } from '@holdfast/evidence/check';
import { readerOf } from '../anomaly/anomaly-scene.ts';

export interface Looked {
  readonly reference?: string;
  readonly classification?: ArtifactReader['classification'];
  readonly signal?: AbortSignal;
}

/** What the check says about a file. */
export async function coverageOfFile(
  path: string,
  options: Readonly<Record<string, unknown>>,
  { reference, classification, signal = new AbortController().signal }: Looked = {},
): Promise<Report> {
  const check = await coverageCheck.load();
  const inputs = reference === undefined ? {} : { reference: await readerOf(reference) };
  const given = { threads: 2, memory: '1GB', ...options, ...(reference === undefined ? {} : { reference }) };
  return check.run(await readerOf(path, classification), given, { signal, inputs, progress: () => undefined });
}

/** The messages of findings of one rule. */
export const said = ({ findings }: Report, rule: string): string[] =>
  findings.filter((each) => each.rule === `data.coverage.${rule}`).map(({ message }) => message);
