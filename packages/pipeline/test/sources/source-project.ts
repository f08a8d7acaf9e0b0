import type { CheckPredicate } from '@holdfast/evidence';
import { evidenceAs } from '@holdfast/evidence';
import { newTestProject, type TestProject, type TestProjectOptions, team } from '@holdfast/testkit';
import { type FetchOutcome, type FetchRequest, fetchSources } from '../../src/sources/fetch-sources.ts';
import { type WatchOutcome, type WatchRequest, watchSources } from '../../src/sources/watch-sources.ts';

export interface SourceScene {
  /** `sources: { bureau: … }` */
  readonly source: object;
  /** Of the artifact `raw`. */
  readonly artifact?: object;
  readonly checks?: readonly unknown[];
  readonly keys?: TestProjectOptions['keys'];
  readonly files?: TestProjectOptions['files'];
  readonly more?: object;
}

export function sourceYaml({ source, artifact = {}, checks, more = {} }: Omit<SourceScene, 'keys' | 'files'>): string {
  return JSON.stringify({
    ...{ project: 'tiny', ledger: 'tiny.example', sources: { bureau: source } },
    artifacts: { raw: { path: 'data/raw.csv', kind: 'dataset', source: 'bureau', ...artifact } },
    ...(checks === undefined ? {} : { checks: { raw: checks } }),
    ...more,
  });
}

/** A project with one source and one artifact that comes from it. */
export async function sourceProject({ keys = team, files = {}, ...scene }: SourceScene): Promise<TestProject> {
  return newTestProject({ yaml: sourceYaml(scene), files, keys });
}

const usual = { sources: [], signal: new AbortController().signal, pauseMs: 1, idleMs: 5000 };

export async function fetchIn(project: TestProject, request: Partial<FetchRequest> = {}): Promise<FetchOutcome> {
  const [outcome] = await fetchSources(await project.open(), { ...usual, record: false, force: false, ...request });
  return outcome!;
}

export async function watchIn(project: TestProject, request: Partial<WatchRequest> = {}): Promise<WatchOutcome> {
  const [outcome] = await watchSources(await project.open(), { ...usual, full: false, ...request });
  return outcome!;
}

/** The reports of `data.source`, oldest first. */
export async function reportsIn(project: TestProject): Promise<readonly CheckPredicate[]> {
  const { evidence, broken, ignored } = await project.view();
  if (broken.length + ignored.length > 0) throw new Error(JSON.stringify([broken, ignored]));
  return evidence.flatMap((piece) => {
    const report = evidenceAs('check', piece)?.statement.predicate;
    return report?.check.name === 'data.source' ? [report] : [];
  });
}

export const messageOf = (report: CheckPredicate | undefined, rule: string): string | undefined =>
  report?.findings.find((finding) => finding.rule === `data.source.${rule}`)?.message;
