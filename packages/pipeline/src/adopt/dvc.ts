import { kindOfPath } from '../kind.ts';
import { type DvcConfig, dvcConfig } from './dvc-config.ts';
import { type Recorded, verifyDvcData } from './dvc-data.ts';
import { type DvcPipeline, expandDvcYaml } from './dvc-expansion.ts';
import { type DvcTracked, readDvcFile, readDvcLock } from './dvc-lock.ts';
import { type DvcFoundStage, dvcStage } from './dvc-stage.ts';
import { type Doubt, type FoundArtifact, type FoundStage, type Origin, shown } from './found.ts';
import { isMetricsFile } from './metrics-file.ts';
import { OutputIndex } from './output-index.ts';
import type { ProjectFolder } from './project-folder.ts';
import { baseOf, folderOf, insideProject, isWithin } from './project-path.ts';
import { listOf, mapOf, textOf } from './python-value.ts';
import { outputsOf } from './stage-order.ts';

/** What a DVC repository says. */
export interface DvcReading {
  readonly stages: readonly FoundStage[];
  /** Data that DVC tracks, and models that it names. */
  readonly artifacts: readonly FoundArtifact[];
  readonly origins: readonly Origin[];
  readonly doubts: readonly Doubt[];
}

const maximumFiles = 1000;

/**
 * Reads a DVC repository: every `dvc.yaml` with its `dvc.lock`, and every `.dvc` file. What was recorded is verified
 * before anything is taken from it.
 *
 * @throws PipelineError HF_ADOPT_UNREADABLE, HF_ADOPT_MISMATCH
 */
export async function readDvc(folder: ProjectFolder): Promise<DvcReading> {
  const config = await dvcConfig(folder);
  const doubts: Doubt[] = [];
  const pipelines = folder.files.filter((path) => baseOf(path) === 'dvc.yaml').slice(0, maximumFiles);
  const read = await Promise.all(pipelines.map((file) => readPipeline(file, config, folder, doubts)));
  const tracked = await readTracked(folder, doubts);
  const stages = read.flatMap((pipeline) => pipeline.stages);
  const kept = stages.filter(({ isFrozen }) => !isFrozen);
  const recorded = [
    ...tracked.map((record): Recorded => ({ record, role: 'data', uri: record.uri })),
    ...(await lockedRecords(pipelines, stages, kept, tracked, folder, doubts)),
  ];
  const { pins, doubts: unsure } = await verifyDvcData(recorded, config, folder);
  const named = read.flatMap((pipeline) => pipeline.artifacts);
  const data = recorded.filter(({ role }) => role === 'data');
  return {
    stages: kept.map(({ stage }) => stage),
    artifacts: artifactsOf(data, named, pins),
    origins: [...read.flatMap(({ origin }) => origin), ...trackedOrigins(tracked, pins)],
    doubts: [...doubts, ...unsure],
  };
}

interface ReadPipeline {
  readonly stages: readonly DvcFoundStage[];
  readonly artifacts: readonly FoundArtifact[];
  readonly origin: Origin;
}

async function readPipeline(
  file: string,
  config: DvcConfig,
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<ReadPipeline> {
  const pipeline = await expandDvcYaml((await folder.read(file)) ?? '', file, config, folder);
  doubts.push(...pipeline.doubts.map((what) => ({ where: file, what })));
  if (pipeline.top.has('datasets')) doubts.push({ where: file, what: '`datasets` is not understood' });
  const stages: DvcFoundStage[] = [];
  for (const stage of pipeline.stages) {
    const found = await dvcStage(stage, file, folder, doubts);
    if (found !== undefined) stages.push(found);
  }
  const withTop = await withTopMetrics(pipeline, stages, file, folder, doubts);
  const values = new Set(pipeline.stages.flatMap(({ valuesFrom }) => valuesFrom));
  for (const path of values) {
    doubts.push({
      where: file,
      what: `the values of ${shown(path)} are filled in as they are now: change both from here on`,
    });
  }
  const names = withTop.filter(({ isFrozen }) => !isFrozen).map(({ stage }) => stage.name);
  const origin = { kind: 'dvc', file, stages: names, why: 'with the inputs and outputs it declares' } as const;
  return { stages: withTop, artifacts: namedArtifacts(pipeline, file, doubts), origin };
}

/** The list `metrics` at the top: files that are outputs of stages, and reports as well. */
async function withTopMetrics(
  { top }: DvcPipeline,
  stages: readonly DvcFoundStage[],
  file: string,
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<readonly DvcFoundStage[]> {
  let result = stages;
  for (const item of listOf(top.get('metrics'))) {
    const path = insideProject(folderOf(file), textOf(item) ?? '') ?? '';
    const own = result.find(({ stage }) => stage.outputs.includes(path) && stage.metrics === undefined);
    if (own === undefined || (await isMetricsFile(path, folder)) === false) {
      doubts.push({
        where: file,
        what: `the metrics ${shown(textOf(item) ?? '')} are no output of their own, or no flat JSON of numbers: not reported`,
      });
      continue;
    }
    const outputs = own.stage.outputs.filter((output) => output !== path);
    result = result.map((one) => (one === own ? { ...own, stage: { ...own.stage, outputs, metrics: path } } : one));
  }
  return result;
}

/** The section `artifacts`: names for paths, and which of them are models. */
function namedArtifacts({ top }: DvcPipeline, file: string, doubts: Doubt[]): FoundArtifact[] {
  return [...mapOf(top.get('artifacts'))].flatMap(([name, value]): FoundArtifact[] => {
    const path = insideProject(folderOf(file), textOf(mapOf(value).get('path')) ?? '');
    const type = textOf(mapOf(value).get('type'));
    if (path !== undefined && path !== '') return [{ path, kind: type === 'model' ? 'model' : 'dataset', name }];
    doubts.push({ where: file, what: `the artifact ${shown(name)} has no path in the project` });
    return [];
  });
}

async function readTracked(folder: ProjectFolder, doubts: Doubt[]): Promise<readonly DvcTracked[]> {
  const tracked: DvcTracked[] = [];
  for (const file of folder.files.filter((path) => path.endsWith('.dvc')).slice(0, maximumFiles)) {
    const read = readDvcFile((await folder.read(file)) ?? '', file);
    tracked.push(...read.tracked);
    doubts.push(...read.doubts);
  }
  return tracked;
}

/** What every `dvc.lock` recorded, each path once. */
async function lockedRecords(
  pipelines: readonly string[],
  stages: readonly DvcFoundStage[],
  kept: readonly DvcFoundStage[],
  tracked: readonly DvcTracked[],
  folder: ProjectFolder,
  doubts: Doubt[],
): Promise<readonly Recorded[]> {
  const made = new OutputIndex();
  for (const { stage } of kept) for (const path of outputsOf(stage)) made.add(path, stage.name);
  const trackedPaths = new Set(tracked.map(({ path }) => path));
  const found = new Map<string, Recorded>();
  for (const file of pipelines) {
    const lockFile = file.replace(/yaml$/, 'lock');
    const text = await folder.read(lockFile);
    if (text === undefined) continue;
    const own = stages.filter(({ stage }) => stage.from === file);
    const frozen = new Set(own.flatMap(({ dvcName, isFrozen }) => (isFrozen ? [dvcName] : [])));
    const bases = new Map(own.map(({ dvcName, base }) => [dvcName, base]));
    const locked = readDvcLock(text, lockFile, bases);
    doubts.push(...locked.doubts);
    for (const [name, { dependencies, outputs }] of locked.stages) {
      const isFrozen = frozen.has(name);
      for (const record of outputs) found.set(record.path, { record, role: isFrozen ? 'data' : 'output' });
      for (const record of isFrozen ? [] : dependencies) {
        const isMade = made.overlapping(record.path).size > 0;
        const role = isCode(record.path, folder) ? 'code' : 'data';
        if (!isMade && !trackedPaths.has(record.path) && !found.has(record.path))
          found.set(record.path, { record, role });
      }
    }
  }
  return [...found.values()];
}

/** Code and configuration are edited between runs; a folder that holds code counts as code. */
function isCode(path: string, folder: ProjectFolder): boolean {
  const isEdited = (file: string): boolean => ['code', 'configuration'].includes(kindOfPath(file));
  if (!folder.isFolder(path)) return isEdited(path);
  return folder.files.some((file) => isWithin(file, path) && kindOfPath(file) === 'code');
}

function artifactsOf(
  data: readonly Recorded[],
  named: readonly FoundArtifact[],
  pins: ReadonlyMap<string, NonNullable<FoundArtifact['source']>>,
): readonly FoundArtifact[] {
  const byPath = new Map(named.map((artifact) => [artifact.path, artifact]));
  for (const { record } of data) {
    const { path } = record;
    const kind = kindOfPath(path) === 'model' ? 'model' : 'dataset';
    const source = pins.get(path);
    byPath.set(path, { path, kind, ...byPath.get(path), ...(source === undefined ? {} : { source }) });
  }
  return [...byPath.values()];
}

function trackedOrigins(tracked: readonly DvcTracked[], pins: ReadonlyMap<string, unknown>): Origin[] {
  const byFile = Map.groupBy(tracked, ({ where }) => where);
  return [...byFile].map(([file, records]) => {
    const pinned = records.filter(({ path }) => pins.has(path)).length;
    const digest = records.some(({ isLegacy }) => isLegacy) ? 'MD5 (line ends aside)' : 'MD5';
    const isSome = pinned === 0 ? 'not verified' : 'not all of it verified';
    const why = pinned === records.length ? `${digest} verified, SHA-256 pinned` : isSome;
    return { kind: 'dvc', file, stages: [], why: `tracked by DVC: ${why}` };
  });
}
