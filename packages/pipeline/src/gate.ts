import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EvidenceView, listKeyFiles, type RecordedEvidence, recordEvidence, signStatement } from '@holdfast/evidence';
import { type Action, decideGate, decisionStatement, type ExpectedStage, type GateOutcome, type GateQuestion, indexRuns, type LoadedPolicy, loadPolicy, type PolicyFile, traceLineage } from '@holdfast/policy';
import type { NamedArtifact } from './artifacts.ts';
import { checkRegistry } from './check-registry.ts';
import { requireClock } from './clock.ts';
import { PipelineError } from './errors.ts';
import { changedMaterials, explainChange } from './explain-change.ts';
import { type Project, verifyProject, withRecorder } from './project.ts';
import { signerFor } from './signers.ts';
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
    const known = Object.keys(project.config.environments).map((name) => `\`${name}\``).join(', ');
    throw new PipelineError('HF_ENVIRONMENT_UNKNOWN', `there is no environment \`${environment}\`; there is ${known || 'none'}`);
  }
  const file = join(project.folder, declared.policy);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PipelineError('HF_ENVIRONMENT_UNKNOWN', `the policy of \`${environment}\` cannot be read`, { where: file, cause });
  });
  const texts = [{ name: declared.policy, text }];
  return { texts, policy: loadPolicy({ texts, knownChecks: checkRegistry.map(({ name }) => name) }) };
}

/** The stages that the configuration puts behind an artifact. */
export function expectedStages(project: Project, path: string): readonly ExpectedStage[] {
  return project.graph.behind(path).map(({ name, owner }) => ({ name, owner: owner ?? null }));
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
    stages: expectedStages(project, artifact.path),
    now,
    changed: await observeChanges(project, artifact, view),
  };
  return { ...decideGate(question), question, principal };
}

/** Looks at the artifact and at what it was made from, as far as they lie in the project. */
async function observeChanges(project: Project, artifact: NamedArtifact, view: EvidenceView): Promise<readonly string[]> {
  const lineage = traceLineage({ ...artifact.digest.digests }, indexRuns(view.evidence), expectedStages(project, artifact.path));
  if (lineage.runs.length === 0) return explainChange(view, artifact);
  return changedMaterials(project.folder, lineage);
}

const gateAction: Action = 'deploy';

/** Who asks: the key that will sign the decision. A machine without one asks as nobody, and is denied. */
async function principalOf(project: Project, view: EvidenceView, named: string | undefined) {
  const files = await listKeyFiles(project.paths.keys);
  const held = (id: string): ReadonlySet<string> => view.trust.rolesAt(id, view.origin, Number.MAX_SAFE_INTEGER);
  const file = files.find(({ name, publicKey }) => (named === undefined ? held(publicKey.id).size > 0 : name === named));
  if (file === undefined) return { id: 'nobody', name: 'nobody', roles: [] };
  return { id: file.publicKey.id, name: file.name, roles: [...held(file.publicKey.id)].sort() };
}

/**
 * Decides whether an artifact may go to an environment, and records the decision as evidence.
 * What cannot be verified is a denial, and is not built on: then nothing is recorded.
 */
export async function gate(project: Project, artifact: NamedArtifact, environment: string, key?: string): Promise<GateResult> {
  const view = await verifyProject(project);
  const { decision, gathered, question } = await askGate(project, artifact, environment, { view, ...(key === undefined ? {} : { key }) });
  if (view.broken.length > 0) return { decision, gathered, view };
  const { signer } = await signerFor(project, view.trust, ['builder', 'checker', 'approver'], key);
  const signed = await signStatement(decisionStatement(question, { decision, gathered }, version), signer);
  const [evidence] = await withRecorder(project, (recorder) => recordEvidence([signed], recorder));
  return { decision, gathered, view, ...(evidence === undefined ? {} : { evidence }) };
}
