import type { Signer } from '@holdfast/evidence/keys';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { artifactId } from '@holdfast/evidence/statement';
import type { EvidenceView } from '@holdfast/evidence/view';
import { checkRegistry } from './check-registry.ts';
import { PipelineError } from './errors.ts';
import { declaredStages } from './gate.ts';
import { type ClassedInput, classOf, classReports, ownRunPolicy, runPolicyPath } from './input-class.ts';
import { isolationLevels } from './isolation-demand.ts';
import type { Project } from './project.ts';
import type { DigestedFiles } from './stage-files.ts';
import type { StageNode } from './stage-graph.ts';
import type { StageIsolation } from './stage-isolation.ts';

interface Admission {
  readonly project: Project;
  readonly view: EvidenceView;
  readonly builder: Signer;
  readonly isolation: StageIsolation;
  /** Reports of this run, by the path of the input. */
  readonly classified?: ReadonlyMap<string, CheckPredicate>;
}

/** From here on a policy is asked: confidential. */
const leastAsked = 2;

/**
 * Asks the policy for stages whether this one may have its inputs, before it is given the first byte: those that are confidential
 * or restricted, and those of which it was to be measured and is not. Where the project has a policy of its own, all whose class
 * is known or was to be known. What keeps the policy from deciding is a denial.
 *
 * @throws PipelineError HF_STAGE_CLASS; PolicyError where `policy/run.cedar` cannot be used
 */
export async function requireFittingClass(
  stage: StageNode,
  inputs: DigestedFiles,
  admission: Admission,
): Promise<void> {
  const { project, view, classified } = admission;
  const own = await ownRunPolicy(project);
  const asked = stage.inputs.flatMap(({ path, artifact }) => {
    const digest = inputs.get(path)?.digests;
    if (digest === undefined) return [];
    const reports = [...classReports(view, { ...digest }), ...reportIn(classified, path)];
    const input = classOf(project, { path, artifact, digest: { ...digest } }, reports);
    const isAsked =
      input !== undefined && (own !== undefined || input.level === 'unknown' || input.level >= leastAsked);
    return isAsked ? [{ ...input, path }] : [];
  });
  if (asked.length === 0) return;
  const decideOn = await decider(stage, own, admission);
  for (const input of asked) decideOn(input);
}

function reportIn(reports: Admission['classified'], path: string): CheckPredicate[] {
  const report = reports?.get(path);
  return report === undefined ? [] : [report];
}

async function decider(stage: StageNode, own: string | undefined, { project, view, builder, isolation }: Admission) {
  const [{ decide }, { loadPolicy }, { gatherFacts }, { runPolicy, runPolicyName }] = await Promise.all([
    import('@holdfast/policy/decide'),
    import('@holdfast/policy/load-policy'),
    import('@holdfast/policy/facts'),
    import('@holdfast/policy/run-policy.cedar'),
  ]);
  const texts = [own === undefined ? { name: runPolicyName, text: runPolicy } : { name: runPolicyPath, text: own }];
  const policy = loadPolicy({ texts, knownChecks: checkRegistry.map(({ name }) => name) });
  const { id } = builder.publicKey;
  const roles = view.trust.rolesAt(id, project.config.ledger, Number.MAX_SAFE_INTEGER);
  const context = { environment: 'run', evidenceVerified: view.broken.length === 0, ...surroundings(stage, isolation) };
  return ({ name, digest, level, path }: ClassedInput & { readonly path: string }): void => {
    const { facts } = gatherFacts(digest, view, declaredStages(project, path), 'run');
    const decision = decide(policy, {
      principal: { id, name: stage.owner ?? id, roles: [...roles].sort() },
      action: 'run',
      artifact: { id: artifactId(digest), name, facts },
      context: { ...context, now: new Date().toISOString(), ...(level === 'unknown' ? {} : { classLevel: level }) },
    });
    if (!decision.allowed) throw denied(stage, name, decision.reasons);
  };
}

/** A stage that nothing confines reaches whatever the machine reaches, whatever its sandbox would say. */
function surroundings({ sandbox }: StageNode, { isolation: { level } }: StageIsolation) {
  const network = level === 'none' ? 'open' : sandbox.network === 'none' ? 'none' : 'listed';
  return { network, isolationLevel: isolationLevels.indexOf(level) } as const;
}

function denied(
  { name: stage }: StageNode,
  input: string,
  reasons: readonly { readonly policy: string; readonly message: string; readonly fix?: string }[],
): PipelineError {
  const said = reasons.map(({ policy, message }) => `${message} (${policy})`).join('; ');
  const fix = reasons.find((reason) => reason.fix !== undefined)?.fix;
  return new PipelineError('HF_STAGE_CLASS', `\`${stage}\` may not be given \`${input}\`: ${said}`, {
    where: input,
    ...(fix === undefined ? {} : { fix }),
  });
}
