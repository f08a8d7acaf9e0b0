import { join } from 'node:path';
import type { CheckRequest } from '@holdfast/contracts';
import { type ArtifactDigest, openDigestCache } from '@holdfast/evidence/digest/index';
import { evidenceAs } from '@holdfast/evidence/predicates/parse';
import { sameDigests } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import type { Decision } from '@holdfast/policy/request';
import { scanCheck } from '@holdfast/scan/check';
import { checkInputs } from './check-inputs.ts';
import { checkNamed } from './check-registry.ts';
import { declaredChecks } from './declared-checks.ts';
import { askGate } from './gate.ts';
import { type Project, verifyProject } from './project.ts';
import { type QuarantineNote, quarantineNotes } from './quarantine-notes.ts';
import { currentReport } from './run-check.ts';
import { describeSource, type SourceKnowledge } from './sources/described-source.ts';
import { withSource } from './sources/source-options.ts';
import { digestPaths } from './stage-files.ts';
import { StageIsolations } from './stage-isolation.ts';
import { stageState } from './stage-state.ts';

export interface StageStatus {
  readonly stage: string;
  readonly current: boolean;
  readonly reason: string;
  readonly isolation: string | undefined;
}

export interface CheckStatus {
  readonly check: string;
  readonly verdict: string;
  /** How many entries of `scan.allow` it ran with, where there are any. */
  readonly allowed?: number;
}

export interface ArtifactStatus {
  readonly artifact: string;
  readonly path: string;
  readonly kind: string;
  readonly exists: boolean;
  readonly withdrawn: boolean;
  readonly checks: readonly CheckStatus[];
  /** When it had to be deleted, as its source says; there only once that is over. */
  readonly retentionOver?: string;
  /** Rows that were set aside, as far as it is concerned; absent without a quarantine. */
  readonly quarantine?: readonly QuarantineNote[];
}

export interface GateStatus {
  readonly artifact: string;
  readonly environment: string;
  readonly decision: Decision | undefined;
  /** Why it cannot be asked. */
  readonly problem: string | undefined;
}

export interface ProjectStatus {
  readonly project: string;
  readonly ledger: { readonly origin: string; readonly size: number };
  readonly broken: EvidenceView['broken'];
  readonly ignored: EvidenceView['ignored'];
  readonly stages: readonly StageStatus[];
  readonly artifacts: readonly ArtifactStatus[];
  readonly gates: readonly GateStatus[];
  /** The command to run next; absent when everything is done. */
  readonly next: string | undefined;
}

/** Each stage, artifact and gate at a glance, and what to do next; all of it computed from the evidence. */
export async function projectStatus(project: Project): Promise<ProjectStatus> {
  const view = await verifyProject(project);
  const stages = await stageStatuses(project, view);
  const artifacts = await artifactStatuses(project, view);
  const gates = view.broken.length > 0 ? [] : await gateStatuses(project, view, artifacts);
  return {
    project: project.config.project,
    ledger: { origin: view.origin, size: view.size },
    broken: view.broken,
    ignored: view.ignored,
    stages,
    artifacts,
    gates,
    next: nextStep(view, stages, gates),
  };
}

async function stageStatuses(project: Project, view: EvidenceView): Promise<StageStatus[]> {
  const cache = openDigestCache(join(project.paths.cache, 'digests'));
  const isolations = new StageIsolations(project);
  try {
    const statuses: StageStatus[] = [];
    for (const stage of project.graph.stages) {
      const files = await digestPaths(
        project.folder,
        [...stage.inputs, ...stage.outputs].map(({ path }) => path),
        cache,
      );
      // a policy that cannot be read is named where its gate is asked
      const demand = await isolations.demandOf(stage).catch(() => undefined);
      const state = stageState(stage, view, files, files, undefined, demand?.level);
      const current = state.state === 'current';
      const isolation = current
        ? state.run.statement.predicate.buildDefinition.internalParameters.isolation.level
        : undefined;
      statuses.push({ stage: stage.name, current, reason: current ? 'nothing changed' : state.reason, isolation });
    }
    return statuses;
  } finally {
    cache.close();
  }
}

async function artifactStatuses(project: Project, view: EvidenceView): Promise<ArtifactStatus[]> {
  const statuses: ArtifactStatus[] = [];
  const knowledge = { ...project, view, now: new Date() };
  for (const [artifact, { path, kind }] of Object.entries(project.config.artifacts)) {
    const digest = (await digestPaths(project.folder, [path])).get(path);
    const checks: CheckStatus[] = [];
    for (const asked of declaredChecks(project.config, artifact)) {
      const options = digest === undefined ? asked.options : withSource(asked, artifact, digest, knowledge);
      checks.push(await checkStatus(project, view, { name: asked.name, options }, digest));
    }
    const withdrawn = view.evidence.some(
      (piece) =>
        evidenceAs('withdrawal', piece) !== undefined &&
        digest !== undefined &&
        piece.statement.subject.some((subject) => sameDigests(subject.digest, { ...digest.digests })),
    );
    const over = digest === undefined ? undefined : overOf(artifact, digest, knowledge);
    const notes = digest === undefined ? [] : quarantineNotes({ ...digest.digests }, view);
    statuses.push({
      ...{ artifact, path, kind, exists: digest !== undefined, withdrawn, checks },
      ...(over === undefined ? {} : { retentionOver: over }),
      ...(notes.length === 0 ? {} : { quarantine: notes }),
    });
  }
  return statuses;
}

/** When it had to be deleted, once that is over. */
function overOf(artifact: string, digest: ArtifactDigest, knowledge: SourceKnowledge): string | undefined {
  const source = knowledge.config.artifacts[artifact]?.source;
  return source === undefined ? undefined : describeSource(source, { ...digest.digests }, knowledge)?.over;
}

async function checkStatus(
  project: Project,
  view: EvidenceView,
  { name, options }: CheckRequest,
  digest: ArtifactDigest | undefined,
): Promise<CheckStatus> {
  const check = checkNamed(name);
  const inputs = await checkInputs(check, options, project);
  const report = digest === undefined ? undefined : currentReport(check, options, digest, view, inputs);
  const allowed = name === scanCheck.name && Array.isArray(options['allow']) ? options['allow'].length : 0;
  const verdict = report?.statement.predicate.verdict ?? 'missing';
  return { check: name, verdict, ...(allowed === 0 ? {} : { allowed }) };
}

async function gateStatuses(
  project: Project,
  view: EvidenceView,
  artifacts: readonly ArtifactStatus[],
): Promise<GateStatus[]> {
  const gates: GateStatus[] = [];
  for (const { artifact, path, kind, exists } of artifacts) {
    if (kind !== 'model' || !exists) continue;
    for (const environment of Object.keys(project.config.environments)) {
      gates.push(await gateStatus(project, view, { artifact, path }, environment));
    }
  }
  return gates;
}

async function gateStatus(
  project: Project,
  view: EvidenceView,
  { artifact, path }: { artifact: string; path: string },
  environment: string,
): Promise<GateStatus> {
  try {
    const digest = (await digestPaths(project.folder, [path])).get(path);
    if (digest === undefined) return { artifact, environment, decision: undefined, problem: 'it is gone' };
    const { decision } = await askGate(project, { name: artifact, path, kind: 'model', digest }, environment, { view });
    return { artifact, environment, decision, problem: undefined };
  } catch (error) {
    return {
      artifact,
      environment,
      decision: undefined,
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}

function nextStep(
  view: EvidenceView,
  stages: readonly StageStatus[],
  gates: readonly GateStatus[],
): string | undefined {
  if (view.broken.length > 0) return 'holdfast ledger fsck';
  if (stages.some(({ current }) => !current)) return 'holdfast run';
  const denied = gates.find(({ decision }) => decision?.allowed === false);
  if (denied !== undefined) return denied.decision?.reasons.find(({ fix }) => fix !== undefined)?.fix;
  const [open] = gates;
  return open === undefined ? undefined : `holdfast gate ${open.artifact} --to ${open.environment}`;
}
