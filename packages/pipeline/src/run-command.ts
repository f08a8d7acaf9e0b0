import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { configProblems, type HoldfastYaml } from '@holdfast/contracts';
import { type Sandbox, sandbox } from '@holdfast/contracts/sandbox';
import { secrets } from '@holdfast/contracts/secret';
import { makeBare } from './bare-project.ts';
import { findInputs } from './command-inputs.ts';
import { PipelineError } from './errors.ts';
import { isInside } from './execution/journal.ts';
import { kindOfPath } from './kind.ts';
import { openProject, type Project } from './project.ts';
import { type RunSession, type RunSessionRequest, withRunSession } from './run-session.ts';
import { runStage, type StageRun } from './run-stage.ts';
import type { StageNode } from './stage-graph.ts';
import { runsOf } from './stage-state.ts';

/** One command to run without a configuration. */
export interface CommandWish extends RunSessionRequest {
  /** Program and arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute path: where it runs. */
  readonly folder: string;
  /** What the run is called; absent: after the command. */
  readonly name?: string;
  /** Relative to the folder; none: what is found there. */
  readonly inputs: readonly string[];
  /** Relative to the folder; none: whatever it writes. */
  readonly outputs: readonly string[];
  readonly toolchain: readonly string[];
  /** Names of variables of this process that are handed over, and taken out of the log. */
  readonly secrets: readonly string[];
  /** As `sandbox:` of a stage. */
  readonly sandbox: NonNullable<NonNullable<HoldfastYaml['stages']>[string]['sandbox']>;
  readonly signal: AbortSignal;
  readonly onOutput?: (chunk: Uint8Array) => void;
}

export interface CommandRun extends StageRun {
  readonly project: Project;
  /** What was not shown to it, because it looks like a secret or leads out of the folder. */
  readonly left: readonly string[];
  /** Whether the folder had no ledger before. */
  readonly isNew: boolean;
  readonly ledgerSize: number;
}

/**
 * Runs one command like a stage, without a `holdfast.yaml` that declares it: confined, with provenance. It sees the
 * files of its folder, and what it writes beside them are its outputs. A folder without a ledger gets one.
 *
 * @throws PipelineError HF_RUN_UNDECLARED, HF_ISOLATION_UNAVAILABLE, HF_PATH_OUTSIDE, and as `runStage`
 */
export async function runSingleCommand(wish: CommandWish): Promise<CommandRun> {
  const { project, isNew } = await openOrMake(wish.folder);
  // what it is for: nobody runs a command so to have it run with everything in reach
  const isolation = wish.isolation ?? 'sandbox';
  if (isolation === 'none' && wish.outputs.length === 0) {
    throw new PipelineError('HF_RUN_UNDECLARED', 'without a sandbox nothing notices what the command writes');
  }
  const askedBy = wish.isolation === undefined ? 'run --' : '--isolation';
  return withRunSession(project, { ...wish, isolation, askedBy }, async (session) => {
    const { stage, left, earlier } = stageOf(wish, session);
    const { onOutput } = wish;
    const running = runStage(stage, {
      ...session,
      builder: await session.builderOf(stage),
      checker: undefined,
      isolation: await session.isolations.of(stage),
      cwd: await realpath(wish.folder),
      ...(wish.outputs.length === 0 ? { discovers: earlier } : {}),
      signal: wish.signal,
      ...(onOutput === undefined
        ? {}
        : {
            onOutput: (_, chunk) => {
              onOutput(chunk);
            },
          }),
    });
    const run = await running.catch((error: unknown) => {
      throw explained(error, left);
    });
    return { ...run, project, left, isNew, ledgerSize: session.recorder.ledger.size };
  });
}

/** What a command that is used to all of the folder, and to changing its own files, is told. */
function explained(error: unknown, left: readonly string[]): unknown {
  if (!(error instanceof PipelineError) || error.code !== 'HF_STAGE_FAILED' || error.where === undefined) return error;
  const isReadOnly = /Read-only file system|EROFS/.test(readFileSync(error.where, 'latin1').slice(-65_536));
  const hidden = left.slice(0, 5).map((path) => `\`${path}\``);
  const fix = isReadOnly
    ? 'what it reads cannot be changed; `--output PATH` names what it is to make anew'
    : `read its log; it was not shown ${hidden.join(', ')}, which look like secrets: \`--input PATH\` shows one`;
  if (!isReadOnly && hidden.length === 0) {
    const missed = /^if it needs (.*): add/.exec(error.fix)?.[1];
    if (missed === undefined) return error;
    const shown = `if it needs ${missed}: \`--input PATH\` shows it`;
    return new PipelineError(error.code, error.message, { where: error.where, fix: shown, cause: error.cause });
  }
  return new PipelineError(error.code, error.message, { where: error.where, fix, cause: error.cause });
}

async function openOrMake(folder: string): Promise<{ project: Project; isNew: boolean }> {
  try {
    return { project: await openProject(folder), isNew: false };
  } catch (error) {
    if (!(error instanceof PipelineError && error.code === 'HF_CONFIG_NOT_FOUND')) throw error;
  }
  await makeBare(folder);
  return { project: await openProject(folder), isNew: true };
}

interface CommandStage {
  readonly stage: StageNode;
  readonly left: readonly string[];
  /** What the newest run of this name wrote. */
  readonly earlier: readonly string[];
}

function stageOf(wish: CommandWish, { project, view }: RunSession): CommandStage {
  const command = wish.argv.map(quoted).join(' ');
  const bare: StageNode = {
    ...{ name: wish.name ?? nameOf(wish.argv), command, toolchain: wish.toolchain },
    ...{ sandbox: readSandbox(wish.sandbox), parameters: {}, owner: undefined, metrics: undefined },
    ...{ secrets: readSecretNames(wish.secrets), maxAgeMs: undefined, inputs: [], outputs: [], needs: [] },
  };
  const own = (paths: readonly string[]): string[] => paths.map((path) => inProject(path, wish.folder, project.folder));
  const outputs = own(wish.outputs);
  const newest = runsOf(bare, view).at(-1);
  const parameters = newest?.statement.predicate.buildDefinition.externalParameters;
  const earlier = parameters?.outputs.map(({ path }) => path) ?? [];
  const { inputs, left } =
    wish.inputs.length > 0
      ? { inputs: own(wish.inputs), left: [] }
      : findInputs(project.folder, outputs.length > 0 ? outputs : earlier);
  const file = (path: string) => ({ path, artifact: undefined, kind: kindOfPath(path), risk: undefined });
  const read = inputs.map((path) => ({ ...file(path), producer: undefined, source: undefined }));
  return { stage: { ...bare, inputs: read, outputs: outputs.map(file) }, left, earlier };
}

function readSandbox(written: CommandWish['sandbox']): Sandbox {
  const parsed = sandbox.safeParse(written);
  if (parsed.success) return parsed.data;
  throw badOption(String(parsed.error.issues[0]?.path[0] ?? ''), configProblems(parsed.error)[0]?.message);
}

function readSecretNames(names: readonly string[]): StageNode['secrets'] {
  const parsed = secrets.safeParse([...names]);
  if (parsed.success) return parsed.data;
  throw badOption('secret', configProblems(parsed.error)[0]?.message);
}

function badOption(option: string, message = 'is not understood'): PipelineError {
  const fix = 'holdfast run --help';
  return new PipelineError('HF_CONFIG_INVALID', `\`--${option}\`: ${message}`, { fix });
}

/**
 * The program and what it runs: `python train.py --epochs 5` is `python-train.py`, whatever its arguments. Code on the
 * command line is told apart by its digest.
 */
function nameOf([program, ...rest]: readonly [string, ...string[]]): string {
  const base = (word: string): string => word.split('/').at(-1) ?? word;
  const inline = rest.findIndex((word) => /^-(?:c|e|p|-eval|-print)$/.test(word));
  const script = rest.find((word) => /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(word));
  const code = inline < 0 ? undefined : createHash('sha256').update(rest.slice(inline).join('\0')).digest('hex');
  const words = [base(program), code?.slice(0, 8) ?? (script === undefined ? undefined : base(script))].filter(
    (word) => word !== undefined,
  );
  const name = words
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+/g, '');
  return name === '' ? 'command' : name.slice(0, 64);
}

/** As a shell reads it as one word: XCU 2.2.2, single-quotes. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function inProject(path: string, folder: string, project: string): string {
  const found = relative(realpathSync(project), resolve(realpathSync(folder), path));
  if (isInside(found)) return found;
  throw new PipelineError('HF_PATH_OUTSIDE', `\`${path}\` does not lie in \`${project}\``, { where: path });
}
