import { createHash, randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import { type ArtifactDigest, digestArtifact } from '@holdfast/evidence/digest/index';
import type { Signer } from '@holdfast/evidence/keys';
import { besidePredicate } from '@holdfast/evidence/predicates/beside';
import { checkPredicate } from '@holdfast/evidence/predicates/check';
import { type RunDependency, type RunPredicate, runBuildType } from '@holdfast/evidence/predicates/run';
import { predicateTypes } from '@holdfast/evidence/predicates/types';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import { type Statement, sameDigests, statementOf } from '@holdfast/evidence/statement';
import { requireClock } from './clock.ts';
import { PipelineError } from './errors.ts';
import { kindOfPath } from './kind.ts';
import { openProject, type Project, verifyProject, withRecorder } from './project.ts';
import { recordReadIn } from './read-access.ts';
import { chooseKey, signerFor } from './signers.ts';
import { requireSound } from './sound.ts';
import { version } from './version.ts';

/** What an operation of Holdfast itself made of an artifact, such as hardening a model. */
export interface OperationRecord {
  /** `harden.adversarial`: also the name of the check that its measurements stand under. */
  readonly name: string;
  readonly command: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What it read: absolute paths, with the digests of what was read. */
  readonly inputs: readonly { readonly path: string; readonly digest: ArtifactDigest['digests'] }[];
  /** What it wrote: absolute paths in the project, by the names that the operation has for them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly startedOn: Date;
  /** What it measured of the outputs; absent where nothing was. */
  readonly report?: Report;
}

/** What was signed. */
export interface RecordedOperation {
  readonly evidence: readonly RecordedEvidence[];
  readonly builder: string;
  /** Who signed the measurements; absent where no key here is a checker, and they were not recorded. */
  readonly checker?: string;
}

/** Records an operation as evidence, once it is done. */
export interface OperationRecorder {
  readonly project: Project;
  /**
   * Puts on record what of these absolute paths is confidential, before it is read.
   * @throws as `recordRead`
   */
  reads(name: string, paths: readonly string[]): Promise<readonly RecordedEvidence[]>;
  /** @throws PipelineError HF_RUN_INPUT_CHANGED where an input is not what was read any more */
  record(operation: OperationRecord): Promise<RecordedOperation>;
}

/**
 * Whether what is done in a folder is put on record: undefined outside of any project. Finds out before the work what would
 * be in the way behind it.
 * @throws PipelineError HF_NO_SIGNER, HF_CLOCK; as `verifyProject`
 */
export async function operationRecorder(folder: string): Promise<OperationRecorder | undefined> {
  const project = await openProject(folder).catch((error: unknown) => {
    if (error instanceof PipelineError && error.code === 'HF_CONFIG_NOT_FOUND') return undefined;
    throw error;
  });
  if (project === undefined) return undefined;
  await signersOf(project);
  return {
    project,
    reads: async (name, paths) => recordReadIn(project, { paths, purpose: { kind: 'operation', name } }),
    record: async (operation) => record(project, operation),
  };
}

async function signersOf(project: Project) {
  const view = await verifyProject(project);
  requireSound(view);
  requireClock(view, new Date());
  const builder = await signerFor(project, view.trust, ['builder']);
  const isChecked = (await chooseKey(project, view.trust, ['checker'])) !== undefined;
  return { builder, checker: isChecked ? await signerFor(project, view.trust, ['checker']) : undefined };
}

async function record(project: Project, operation: OperationRecord): Promise<RecordedOperation> {
  const { builder, checker } = await signersOf(project);
  const finishedOn = new Date();
  const made = await Promise.all(Object.entries(operation.outputs).map(async (output) => madeIn(project, output)));
  for (const input of operation.inputs) await requireSame(input);
  const statements: (readonly [Statement, Signer])[] = [
    [await provenance(project, operation, made, finishedOn), builder.signer],
  ];
  const { report } = operation;
  if (report !== undefined && checker !== undefined) {
    statements.push([await measurements(project, operation, report, made, finishedOn), checker.signer]);
    for (const stated of report.statements ?? []) {
      const predicate = besidePredicate(operation.name, stated);
      const about = made.filter(({ name }) => (stated.output ?? name) === name);
      statements.push([statementOf(stated.predicateType, subjectsOf(about), predicate), checker.signer]);
    }
  }
  const signed = await Promise.all(statements.map(async ([statement, signer]) => signStatement(statement, signer)));
  const evidence = await withRecorder(project, async (recorder) => recordEvidence(signed, recorder));
  return { evidence, builder: builder.name, ...(checker === undefined ? {} : { checker: checker.name }) };
}

interface Made {
  readonly name: string;
  readonly path: string;
  readonly digest: ArtifactDigest;
}

const madeIn = async (project: Project, [name, path]: readonly [string, string]): Promise<Made> => ({
  name,
  path: await pathIn(project, path),
  digest: await digestArtifact(path, { force: true }),
});

const subjectsOf = (made: readonly Made[]): Statement['subject'] =>
  made.map(({ path, digest }) => ({ name: path, digest: { ...digest.digests } }));

async function provenance(
  project: Project,
  operation: OperationRecord,
  made: readonly Made[],
  finishedOn: Date,
): Promise<Statement<RunPredicate>> {
  const dependencies = await Promise.all(operation.inputs.map(async (input) => dependency(project, input)));
  return statementOf(predicateTypes.run, subjectsOf(made), {
    buildDefinition: {
      buildType: runBuildType,
      externalParameters: {
        ...{ project: project.config.project, stage: operation.name, command: operation.command },
        parameters: { ...operation.parameters },
        outputs: made.map(({ path, digest }) => {
          const artifact = nameOf(project, path);
          const named = artifact === undefined ? {} : { artifact };
          return { path, kind: kindOfPath(path), digest: { ...digest.digests }, ...named };
        }),
      },
      internalParameters: {
        isolation: { level: 'none', mechanism: 'an operation of Holdfast itself, in its own process' },
        platform: { os: process.platform, architecture: process.arch },
      },
      resolvedDependencies: dependencies,
    },
    runDetails: runDetails(operation, finishedOn),
  });
}

function runDetails({ name, report, startedOn }: OperationRecord, finishedOn: Date): RunPredicate['runDetails'] {
  return {
    builder: { id: 'https://holdfast.dev/builder/local', version: { holdfast: version } },
    metadata: {
      invocationId: `${name}-${randomBytes(8).toString('hex')}`,
      startedOn: startedOn.toISOString(),
      finishedOn: finishedOn.toISOString(),
    },
    byproducts: report === undefined ? [] : [byproduct(report)],
    holdfast_outcome: {
      ...{ exitCode: 0, deleted: [], unchanged: [], undeclared: [], anomalies: [] },
      trace: { wallMs: finishedOn.getTime() - startedOn.getTime() },
    },
  };
}

/** Its measurements, also where nobody signs them as a check. */
function byproduct({ metrics, findings }: Report) {
  const text = JSON.stringify({ metrics, findings });
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { name: 'measurements', mediaType: 'application/json', digest: { sha256 }, annotations: { metrics } };
}

async function measurements(
  project: Project,
  operation: OperationRecord,
  report: Report,
  made: readonly Made[],
  finishedOn: Date,
): Promise<Statement> {
  const timing = { startedOn: operation.startedOn.toISOString(), finishedOn: finishedOn.toISOString() };
  const inputs = await Promise.all(
    operation.inputs.map(async ({ path, digest }) => ({ name: await nameIn(project, path), digest: { ...digest } })),
  );
  const predicate = checkPredicate(
    { name: operation.name, version },
    { ...operation.parameters },
    report,
    timing,
    Object.fromEntries(inputs.map((input, index) => [`input${index + 1}`, input])),
  );
  return statementOf(predicateTypes.check, subjectsOf(made), predicate);
}

async function dependency(
  project: Project,
  { path, digest }: OperationRecord['inputs'][number],
): Promise<RunDependency> {
  const name = await nameIn(project, path);
  const artifact = nameOf(project, name);
  const annotations = { kind: kindOfPath(name), ...(artifact === undefined ? {} : { artifact }) };
  return { name, digest: { ...digest }, annotations };
}

function nameOf({ config }: Project, path: string): string | undefined {
  return Object.entries(config.artifacts).find(([, artifact]) => artifact.path === path)?.[0];
}

/** A path in the project; of what lies elsewhere only its last part, which says nothing about this machine. */
async function nameIn(project: Project, path: string): Promise<string> {
  const inside = relative(await realpath(project.folder), await realpath(path))
    .split(sep)
    .join('/');
  return inside.startsWith('../') || inside.startsWith('/') ? basename(path) : inside;
}

async function pathIn(project: Project, path: string): Promise<string> {
  const inside = relative(await realpath(project.folder), await realpath(path))
    .split(sep)
    .join('/');
  if (!inside.startsWith('../') && !inside.startsWith('/')) return inside;
  throw new PipelineError('HF_PATH_OUTSIDE', `\`${path}\` does not lie in \`${project.folder}\``, { where: path });
}

/** What stands in the evidence is what was read. */
async function requireSame({ path, digest }: OperationRecord['inputs'][number]): Promise<void> {
  const now = await digestArtifact(path, { force: true });
  if (sameDigests({ ...now.digests }, { ...digest })) return;
  throw new PipelineError('HF_RUN_INPUT_CHANGED', `\`${path}\` is not what was read: something wrote to it meanwhile`, {
    where: path,
  });
}
