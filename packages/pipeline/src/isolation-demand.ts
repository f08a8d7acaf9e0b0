import type { IsolationLevel } from '@holdfast/sandbox/isolation';
import { PipelineError } from './errors.ts';
import { environmentPolicy } from './gate.ts';
import type { Project } from './project.ts';
import type { StageNode } from './stage-graph.ts';

/** Weakest first. */
export const isolationLevels = ['none', 'sandbox', 'container', 'vm'] as const satisfies readonly IsolationLevel[];

/** The isolation that a stage has to have, and who says so: `policy/production.cedar`, `train`, `--isolation`. */
export interface IsolationDemand {
  readonly level: IsolationLevel;
  readonly by: string;
}

export const isWeaker = (one: IsolationLevel, other: IsolationLevel): boolean =>
  isolationLevels.indexOf(one) < isolationLevels.indexOf(other);

/**
 * What the policies of all environments demand of every run: the strongest of it, because nobody knows yet where a
 * model will go. `undefined`: none demands anything.
 *
 * @throws PipelineError HF_ENVIRONMENT_UNKNOWN; PolicyError
 */
export async function policyDemand(project: Project): Promise<IsolationDemand | undefined> {
  const environments = Object.entries(project.config.environments);
  if (environments.length === 0) return undefined;
  const { demandedIsolation } = await import('@holdfast/policy/demanded-isolation');
  const demands: IsolationDemand[] = [];
  for (const [name, { policy: by }] of environments) {
    const { policy } = await environmentPolicy(project, name);
    demands.push({ level: demandedIsolation(policy, 'deploy'), by });
  }
  const [strongest] = demands.toSorted((a, b) => (isWeaker(a.level, b.level) ? 1 : -1));
  return strongest?.level === 'none' ? undefined : strongest;
}

/**
 * Which isolation a stage has to have: what was asked for by name, and never less than a policy demands.
 * A stage that names hosts or limits asks for a sandbox by that: nothing else could keep them.
 *
 * @param asked of the command line, before what holdfast.yaml says
 * @returns `undefined`: nobody demands anything; the strongest sandbox that is there is used.
 * @throws PipelineError HF_ISOLATION_DEMANDED
 */
export function stageDemand(
  stage: StageNode,
  policy: IsolationDemand | undefined,
  asked?: IsolationDemand,
): IsolationDemand | undefined {
  const own = asked ?? declaredDemand(stage);
  if (own === undefined || policy === undefined) return own ?? policy;
  if (!isWeaker(own.level, policy.level)) return own;
  // limits ask for a sandbox at least; they do not forbid more
  if (asked === undefined && stage.sandbox.isolation === undefined) return policy;
  const message = `\`${stage.name}\` would run with isolation \`${own.level}\`, and \`${policy.by}\` demands \`${policy.level}\``;
  throw new PipelineError('HF_ISOLATION_DEMANDED', message, { where: policy.by });
}

function declaredDemand({ name, sandbox }: StageNode): IsolationDemand | undefined {
  if (sandbox.isolation !== undefined) return { level: sandbox.isolation, by: name };
  const { memory, cpus, processes, files, output, network } = sandbox;
  const isLimited = [memory, cpus, processes, files, output].some((limit) => limit !== undefined);
  return isLimited || network !== 'none' ? { level: 'sandbox', by: name } : undefined;
}
