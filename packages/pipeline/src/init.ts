import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HoldfastConfig } from '@holdfast/contracts';
import { type KeyFile, listKeyFiles } from '@holdfast/evidence/key-files';
import type { Role } from '@holdfast/evidence/roles';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { defaultPolicy } from '@holdfast/policy/default-policy';
import { configurationText } from './adopt/configuration-text.ts';
import type { Found } from './adopt/found.ts';
import { lookAround } from './adopt/look-around.ts';
import { configurationName, parseConfiguration } from './configuration.ts';
import { PipelineError } from './errors.ts';
import { layFoundation, projectName } from './foundation.ts';
import { projectPaths, readTrust } from './project-paths.ts';
import { stageGraph } from './stage-graph.ts';

export interface InitPlan {
  readonly folder: string;
  readonly found: Found;
  /** Text of holdfast.yaml; the one that is there already, when there is one. */
  readonly yaml: string;
  readonly hasConfiguration: boolean;
  /** Keys, ledger and trust file are there already, and stay as they are. */
  readonly hasLedger: boolean;
}

export interface InitResult {
  readonly written: readonly { readonly path: string; readonly what: string }[];
  readonly key: KeyFile;
}

/**
 * Looks at a folder and says what `init` would write. A folder with a ledger but without `holdfast.yaml`, as
 * `holdfast run -- COMMAND` makes it, gets what it lacks.
 *
 * @throws PipelineError HF_CONFIG_EXISTS when the folder has both already; HF_CONFIG_YAML, HF_CONFIG_INVALID,
 *   HF_CONFIG_NOT_FOUND (a ledger without its trust file), HF_ADOPT_UNREADABLE, HF_ADOPT_MISMATCH
 */
export async function planInit(folder: string): Promise<InitPlan> {
  const file = join(folder, configurationName);
  const existing = await readFile(file, 'utf8').catch(() => undefined);
  const ledger = await ledgerOrigin(folder);
  if (ledger !== undefined && existing !== undefined) {
    throw new PipelineError('HF_CONFIG_EXISTS', `\`${folder}\` has a ledger already`, {
      fix: '`holdfast status` shows what is there',
    });
  }
  // a configuration that is there is somebody's: nothing is put beside it
  const found = existing === undefined ? await lookAround(folder) : nothingFound;
  const yaml = existing ?? configurationText(projectName(folder), found, ledger === undefined ? {} : { ledger });
  const config = parseConfiguration(yaml, file);
  if (existing === undefined) stageGraph(config);
  return { folder, found, yaml, hasConfiguration: existing !== undefined, hasLedger: ledger !== undefined };
}

const nothingFound: Found = { origins: [], stages: [], data: [], models: [], doubts: [] };

/** The name of the ledger that is there, as its checkpoint begins (C2SP tlog-checkpoint) and the trust file says. */
async function ledgerOrigin(folder: string): Promise<string | undefined> {
  const paths = projectPaths(folder);
  const checkpoint = join(paths.ledger, 'checkpoint');
  const text = await readFile(checkpoint, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const origin = text.split('\n', 1)[0] ?? '';
  const { ledgers } = await readTrust(paths.trust);
  if (ledgers.some((known) => known.origin === origin)) return origin;
  throw new PipelineError('HF_CONFIG_INVALID', `the trust file does not name the ledger \`${origin.slice(0, 80)}\``, {
    where: paths.trust,
  });
}

export interface InitOptions {
  readonly passphrase?: string;
  readonly keyName?: string;
  readonly roles?: readonly Role[];
  /** What the policies demand of every run: given where this machine was found to have it. */
  readonly isolation?: 'sandbox';
}

/**
 * Carries out a plan: configuration, policy, keys, trust file and an empty ledger. What is there already stays.
 *
 * @throws PipelineError HF_CONFIG_EXISTS when options are about keys and the folder has keys already, HF_NO_SIGNER when
 *   it has a ledger without any
 */
export async function initProject(plan: InitPlan, options: InitOptions = {}): Promise<InitResult> {
  const { folder, yaml } = plan;
  const config = parseConfiguration(yaml);
  const kept = plan.hasLedger ? await existingKey(folder, config, options) : undefined;
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
  if (kept !== undefined) return { written, key: kept };
  const { keyName = ownerOf(config), roles, passphrase } = options;
  const foundation = { ledger: config.ledger, keyName, passphrase, ...(roles === undefined ? {} : { roles }) };
  const laid = await layFoundation(folder, foundation);
  written.push(...laid.written);
  return { written, key: laid.key };
}

/** The key that is there; a ledger that nobody here can write to is not adopted. */
async function existingKey(folder: string, config: HoldfastConfig, options: InitOptions): Promise<KeyFile> {
  const { keyName, roles, passphrase } = options;
  if ([keyName, roles, passphrase].some((option) => option !== undefined)) {
    throw new PipelineError('HF_CONFIG_EXISTS', `\`${folder}\` has keys and a trust file already`, {
      fix: 'leave out what is about keys; `holdfast key create` makes another one',
    });
  }
  const keys = await listKeyFiles(projectPaths(folder).keys);
  const key = keys.find(({ name }) => name === ownerOf(config)) ?? keys[0];
  if (key !== undefined) return key;
  throw new PipelineError('HF_NO_SIGNER', `\`${folder}\` has a ledger, but no key that could write to it`, {
    fix: 'copy the keys from where the ledger was made, or move the ledger away',
  });
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
