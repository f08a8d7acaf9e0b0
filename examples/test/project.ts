import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HoldfastConfig } from '@holdfast/contracts';
import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { RunPredicate } from '@holdfast/evidence/predicates/run';
import { loadConfiguration } from '@holdfast/pipeline/configuration';
import type { IsolationLevel } from '@holdfast/sandbox/isolation';
import { expect } from 'vitest';
import { WarmCommand } from '../../packages/cli/test/warm-command.ts';
import { rememberTools } from '../../packages/sandbox/test/tool-digests.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `holdfast run` confines stages with, where bubblewrap is there. */
const confined: IsolationLevel = 'sandbox';

/** The isolation that the evidence of every run must name here. */
export const expectedLevel: IsolationLevel = existsSync('/usr/bin/bwrap') ? confined : 'none';

/** The environment of a peer, as `.ci/run` makes it of tools/peers/requirements-NAME.txt. */
export function peer(name: string): string {
  return join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers'), name);
}

/** Skips a test whose part is missing, or fails it where everything must be there. */
export function needs(context: { skip(note: string): unknown }, part: string, path: string): void {
  if (existsSync(path)) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${part}`);
  context.skip(`needs ${part}`);
}

/** What coreutils say about a file. */
export function sum(algorithm: 'sha256' | 'md5', file: string): string {
  return execFileSync(`${algorithm}sum`, ['--', file], { encoding: 'utf8' }).slice(0, algorithm === 'md5' ? 32 : 64);
}

/** The answer of `holdfast gate`. */
export interface GateAnswer {
  readonly allowed: boolean;
  readonly reasons: readonly { readonly policy: string; readonly message: string }[];
}

interface Listed {
  readonly id: string;
  readonly kind: string;
}

/** A project in a folder of its own inside the clone, where `node_modules` is found, and the command line in it. */
export class ExampleProject {
  readonly folder: string;
  readonly #above: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #command: WarmCommand;

  /** @param name last part of the folder: `init` calls projects by it */
  constructor(name: string, environment: Readonly<Record<string, string>> = {}) {
    mkdirSync(join(root, 'build'), { recursive: true });
    this.#above = realpathSync(mkdtempSync(join(root, 'build', 'example-')));
    this.folder = join(this.#above, name);
    this.#environment = environment;
    rememberTools(this.#above);
    this.#command = new WarmCommand(join(this.#above, 'warm'));
  }

  /** Types a command; what it printed when it ends as it should. */
  holdfast(words: readonly string[], status = 0): string {
    const done = spawnSync(join(this.#command.programs, 'holdfast'), [...words], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: this.#above, ...this.#environment },
    });
    expect(done.status, `holdfast ${words.join(' ')}\n${done.stdout}${done.stderr}`).toBe(status);
    return done.stdout;
  }

  /** The same with `--json`. */
  answer(words: readonly string[], status = 0): unknown {
    return (JSON.parse(this.holdfast([...words, '--json'], status)) as { result: unknown }).result;
  }

  gate(artifact: string, environment: string, allowed: boolean): GateAnswer {
    return this.answer(['gate', artifact, '--to', environment], allowed ? 0 : 1) as GateAnswer;
  }

  /** A project of three: who builds, who checks, who approves. */
  init(): string {
    const said = this.holdfast(['init', '--yes', '--roles', 'authority,builder']);
    this.holdfast(['key', 'create', 'checker', '--roles', 'checker']);
    this.holdfast(['key', 'create', 'colleague', '--roles', 'approver']);
    return said;
  }

  async configuration(): Promise<HoldfastConfig> {
    return (await loadConfiguration(join(this.folder, 'holdfast.yaml'))).config;
  }

  /** The predicates of the evidence of one kind, in the order of the ledger. */
  #evidence<Predicate>(kind: string): Predicate[] {
    const { evidence } = this.answer(['evidence', 'list']) as { evidence: readonly Listed[] };
    return evidence.filter((piece) => piece.kind === kind).map(({ id }) => this.#predicate(id) as Predicate);
  }

  /** Out of the file, as anybody can read it: a Sigstore bundle with a DSSE envelope with an in-toto statement. */
  #predicate(id: string): unknown {
    const bundle = this.readJson(`.holdfast/evidence/${id.slice(0, 2)}/${id}.json`) as {
      readonly dsseEnvelope: { readonly payload: string };
    };
    const statement = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8');
    return (JSON.parse(statement) as { predicate: unknown }).predicate;
  }

  /** The newest provenance of each stage. */
  runs(): ReadonlyMap<string, RunPredicate> {
    const runs = this.#evidence<RunPredicate>('run');
    return new Map(runs.map((run) => [run.buildDefinition.externalParameters.stage, run]));
  }

  /** The newest report of each check; what a stage reported itself is called `metrics`. */
  reports(): ReadonlyMap<string, CheckPredicate> {
    return new Map(this.#evidence<CheckPredicate>('check').map((report) => [report.check.name, report]));
  }

  /**
   * Holds the provenance of every stage against the configuration and against what `sha256sum` says now: all inputs
   * and outputs are named, nothing else of the project is, and each digest is right.
   */
  async expectProvenance(): Promise<void> {
    const { stages, artifacts } = await this.configuration();
    const runs = this.runs();
    expect([...runs.keys()].sort()).toEqual(Object.keys(stages).sort());
    for (const [name, { inputs, outputs, metrics, command }] of Object.entries(stages)) {
      const { buildDefinition } = runs.get(name)!;
      const { externalParameters, internalParameters, resolvedDependencies } = buildDefinition;
      const pathOf = (entry: string): string => artifacts[entry]?.path ?? entry;
      // a name with a colon is no file of the project: the toolchain
      const read = resolvedDependencies.filter((dependency) => !dependency.name.includes(':'));
      expect(read.map((dependency) => dependency.name).sort(), name).toEqual(inputs.map(pathOf).sort());
      const written = externalParameters.outputs.map(({ path }) => path);
      const declared = [...outputs.map(pathOf), ...(metrics === undefined ? [] : [metrics])];
      expect(written.sort(), name).toEqual(declared.sort());
      expect(externalParameters.command).toBe(command);
      expect(internalParameters.isolation.level, name).toBe(expectedLevel);
      for (const { name: path, digest, annotations } of read) this.#expectDigest(path, digest, annotations?.files);
      for (const { path, digest, files } of externalParameters.outputs) this.#expectDigest(path, digest, files);
    }
  }

  /** A folder has a digest over all of it; what `sha256sum` can tell is that of each file. */
  #expectDigest(path: string, digest: Readonly<Record<string, string>>, files: readonly FileDigest[] = []): void {
    const place = join(this.folder, path);
    if (statSync(place).isFile()) {
      expect(digest['sha256'], path).toBe(sum('sha256', place));
      return;
    }
    const there = readdirSync(place).filter((name) => !name.endsWith('.sig'));
    expect(Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])), path).toEqual(
      Object.fromEntries(there.map((name) => [name, sum('sha256', join(place, name))])),
    );
  }

  readJson(path: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, path), 'utf8'));
  }

  remove(): void {
    this.#command.stop();
    rmSync(this.#above, { recursive: true, force: true });
  }
}

interface FileDigest {
  readonly name: string;
  readonly sha256: string;
}
