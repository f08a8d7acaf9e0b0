import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence/record';
import type { EvidenceView } from '@holdfast/evidence/view';
import { decideGate, decisionStatement, type GateOutcome, type GateQuestion } from '@holdfast/policy/gate';
import { type DeclaredStage, indexRuns, traceLineage } from '@holdfast/policy/lineage';
import { type LoadedPolicy, loadPolicy } from '@holdfast/policy/load-policy';
import type { PolicyFile } from '@holdfast/policy/policy-text';
import type { Action, Principal } from '@holdfast/policy/request';
import type { NamedArtifact } from './artifacts.ts';
import { checkRegistry } from './check-registry.ts';
import { requireClock } from './clock.ts';
import { PipelineError } from './errors.ts';
import { changedMaterials, explainChange } from './explain-change.ts';
import { type Project, verifyProject, withRecorder } from './project.ts';
import { chooseKey, signerFor } from './signers.ts';
import { version } from './version.ts';

export interface GateResult extends GateOutcome {
  /** The decision as evidence; absent when the ledger cannot be built on, so that nothing could be recorded. */
  readonly evidence?: RecordedEvidence;
  readonly view: EvidenceView;
}

/** The policy of an environment, loaded, with its texts. */
export interface EnvironmentPolicy {
  readonly policy: LoadedPolicy;
  readonly texts: readonly PolicyFile[];
}

/** @throws PipelineError HF_ENVIRONMENT_UNKNOWN; PolicyError */
export async function environmentPolicy(project: Project, environment: string): Promise<EnvironmentPolicy> {
  const declared = project.config.environments[environment];
  if (declared === undefined) {
    const known = Object.keys(project.config.environments)
      .map((name) => `\`${name}\``)
      .join(', ');
    throw new PipelineError(
      'HF_ENVIRONMENT_UNKNOWN',
      `there is no environment \`${environment}\`; there is ${known || 'none'}`,
    );
  }
  const file = join(project.folder, declared.policy);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PipelineError('HF_ENVIRONMENT_UNKNOWN', `the policy of \`${environment}\` cannot be read`, {
      where: file,
      cause,
    });
  });
  const texts = [{ name: declared.policy, text }];
  return { texts, policy: loadPolicy({ texts, knownChecks: checkRegistry.map(({ name }) => name) }) };
}

/** The stages and operations of the configuration, and which of them it puts behind an artifact. */
export function declaredStages({ graph, config }: Project, path: string): readonly DeclaredStage[] {
  const behind = new Set(graph.behind(path).map(({ name }) => name));
  return [
    ...graph.stages.map(({ name, owner }) => ({ name, owner: owner ?? null, behind: behind.has(name) })),
    ...Object.entries(config.operations).map(([name, { owner }]) => ({ name, owner: owner ?? null, behind: false })),
  ];
}

/** Asks the gate without recording the answer. */
export async function askGate(
  project: Project,
  artifact: NamedArtifact,
  environment: string,
  options: { readonly key?: string; readonly view?: EvidenceView } = {},
): Promise<GateOutcome & { question: GateQuestion; principal: { name: string } }> {
  const view = options.view ?? (await verifyProject(project));
  const now = new Date();
  requireClock(view, now);
  const { policy, texts } = await environmentPolicy(project, environment);
  const principal = await principalOf(project, view, options.key);
  const question: GateQuestion = {
    digest: { ...artifact.digest.digests },
    name: artifact.path,
    principal,
    action: gateAction,
    environment,
    policy,
    texts,
    view,
    stages: declaredStages(project, artifact.path),
    now,
    changed: await observeChanges(project, artifact, view),
  };
  return { ...decideGate(question), question, principal };
}

/** Looks at the artifact and at what it was made from, as far as they lie in the project. */
async function observeChanges(
  project: Project,
  artifact: NamedArtifact,
  view: EvidenceView,
): Promise<readonly string[]> {
  const lineage = traceLineage(
    { ...artifact.digest.digests },
    indexRuns(view.evidence),
    declaredStages(project, artifact.path),
  );
  if (lineage.runs.length === 0) return explainChange(view, artifact);
  return changedMaterials(project.folder, lineage);
}

const gateAction: Action = 'deploy';

/** Decisions are signed in one of these roles. */
const decidingRoles = ['builder', 'checker', 'approver'] as const;

/** Who asks: the key that will sign the decision. A machine without one asks as nobody, who has no role. */
async function principalOf(project: Project, view: EvidenceView, named: string | undefined): Promise<Principal> {
  const chosen = await chooseKey(project, view.trust, decidingRoles, named);
  if (chosen === undefined) return { id: 'nobody', name: named ?? 'nobody', roles: [] };
  const { file, roles } = chosen;
  return { id: file.publicKey.id, name: file.name, roles: [...roles].sort() };
}

/**
 * Decides whether an artifact may go to an environment, and records the decision as evidence.
 * What cannot be verified is a denial, and is not built on: then nothing is recorded.
 */
export async function gate(
  project: Project,
  artifact: NamedArtifact,
  environment: string,
  key?: string,
): Promise<GateResult> {
  const view = await verifyProject(project);
  const { decision, gathered, question } = await askGate(project, artifact, environment, {
    view,
    ...(key === undefined ? {} : { key }),
  });
  if (view.broken.length > 0) return { decision, gathered, view };
  const { signer } = await signerFor(project, view.trust, decidingRoles, key);
  const signed = await signStatement(decisionStatement(question, { decision, gathered }, version), signer);
  const [evidence] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
  return { decision, gathered, view, ...(evidence === undefined ? {} : { evidence }) };
}
