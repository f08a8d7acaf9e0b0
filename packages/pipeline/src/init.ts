import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { HoldfastConfig } from '@holdfast/contracts';
import type { KeyFile } from '@holdfast/evidence/key-files';
import type { Role } from '@holdfast/evidence/roles';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { defaultPolicy } from '@holdfast/policy/default-policy';
import { stringify } from 'yaml';
import { configurationName, parseConfiguration } from './configuration.ts';
import { PipelineError } from './errors.ts';
import { type Found, lookAround } from './found.ts';
import { hasLedger, layFoundation, projectName } from './foundation.ts';

export interface InitPlan {
  readonly folder: string;
  readonly found: Found;
  /** Text of holdfast.yaml; the one that is there already, when there is one. */
  readonly yaml: string;
  readonly hasConfiguration: boolean;
}

export interface InitResult {
  readonly written: readonly { readonly path: string; readonly what: string }[];
  readonly key: KeyFile;
}

/**
 * Looks at a folder and says what `init` would write.
 *
 * @throws PipelineError HF_CONFIG_EXISTS when the folder has a ledger already; HF_CONFIG_YAML, HF_CONFIG_INVALID
 */
export async function planInit(folder: string): Promise<InitPlan> {
  if (await hasLedger(folder)) {
    throw new PipelineError('HF_CONFIG_EXISTS', `\`${folder}\` has a ledger already`, {
      fix: '`holdfast status` shows what is there',
    });
  }
  const found = await lookAround(folder);
  const file = join(folder, configurationName);
  const existing = await readFile(file, 'utf8').catch(() => undefined);
  const yaml = existing ?? configurationText(projectName(folder), found);
  parseConfiguration(yaml, file);
  return { folder, found, yaml, hasConfiguration: existing !== undefined };
}

export interface InitOptions {
  readonly passphrase?: string;
  readonly keyName?: string;
  readonly roles?: readonly Role[];
  /** What the policies demand of every run: given where this machine was found to have it. */
  readonly isolation?: 'sandbox';
}

/** Carries out a plan: configuration, policy, keys, trust file and an empty ledger. What is there already stays. */
export async function initProject(plan: InitPlan, options: InitOptions = {}): Promise<InitResult> {
  const { folder, yaml } = plan;
  const config = parseConfiguration(yaml);
  const written: { path: string; what: string }[] = [];
  const write = async (path: string, text: string, what: string): Promise<void> => {
    if ((await stat(join(folder, path)).catch(() => undefined)) !== undefined) return;
    await writeDurably(join(folder, path), text);
    written.push({ path, what });
  };
  await write(configurationName, yaml, summary(plan));
  for (const { policy } of Object.values(config.environments)) {
    await write(policy, defaultPolicy(demandsOf(config, options)), 'who may ship, and what it must show');
  }
  const { keyName = ownerOf(config), roles, passphrase } = options;
  const foundation = { ledger: config.ledger, keyName, passphrase, ...(roles === undefined ? {} : { roles }) };
  const laid = await layFoundation(folder, foundation);
  written.push(...laid.written);
  return { written, key: laid.key };
}

/** What the default policy demands of a project: a floor when a stage reports metrics, the checks of its models. */
function demandsOf(config: HoldfastConfig, { isolation }: InitOptions) {
  const models = Object.entries(config.checks).filter(([name]) => config.artifacts[name]?.kind === 'model');
  const reports = Object.values(config.stages).some((stage) => stage.metrics !== undefined);
  return {
    floors: reports ? { accuracy: 0.7 } : {},
    checks: [...new Set(models.flatMap(([, checks]) => checks.map(({ name }) => name)))],
    maxAgeHours: 30 * 24,
    ...(isolation === undefined ? {} : { isolation }),
  };
}

/** The first key is called as the stages call their owner, when they all call one. */
function ownerOf(config: HoldfastConfig): string {
  const [owner, ...others] = [...new Set(Object.values(config.stages).flatMap((stage) => stage.owner ?? []))];
  return owner !== undefined && others.length === 0 ? owner : 'owner';
}

function summary({ found, hasConfiguration }: InitPlan): string {
  if (hasConfiguration) return 'as it was';
  const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;
  return [
    count(found.stages.length, 'stage', 'stages'),
    count(found.data.length, 'data set', 'data sets'),
    count(found.models.length, 'model', 'models'),
  ].join(', ');
}

const artifactName = (path: string): string =>
  basename(path)
    .replace(/\.[^.]+$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '-');

/** A `holdfast.yaml` that runs, from what was found. */
export function configurationText(project: string, { stages, data, models }: Found): string {
  const artifacts: Record<string, { path: string; kind: string; risk?: string }> = {};
  for (const path of data.slice(0, 100)) artifacts[artifactName(path)] ??= { path, kind: 'dataset' };
  for (const path of models) artifacts[artifactName(path)] ??= { path, kind: 'model', risk: 'medium' };
  const named = (path: string): string =>
    Object.entries(artifacts).find(([, artifact]) => artifact.path === path)?.[0] ?? path;
  const onnx = Object.entries(artifacts).filter(([, { path }]) => path.endsWith('.onnx'));
  const text = stringify({
    project,
    ledger: `${project}.example`,
    ...(Object.keys(artifacts).length === 0 ? {} : { artifacts }),
    ...(stages.length === 0
      ? {}
      : { stages: Object.fromEntries(stages.map((stage) => [stage.name, stageText(stage, named)])) }),
    ...(onnx.length === 0 ? {} : { checks: Object.fromEntries(onnx.map(([name]) => [name, ['model.format']])) }),
    environments: { production: { policy: 'policy/production.cedar' } },
  });
  return `# What this project is made of. Reference: docs/reference/holdfast-yaml.md\n${text}`;
}

function stageText(stage: Found['stages'][number], named: (path: string) => string) {
  return {
    command: stage.command,
    inputs: stage.inputs.map(named),
    ...(stage.outputs.length === 0 ? {} : { outputs: stage.outputs.map(named) }),
    ...(stage.metrics === undefined ? {} : { metrics: stage.metrics }),
  };
}
