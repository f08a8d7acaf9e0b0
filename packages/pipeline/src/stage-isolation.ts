import { delimiter, dirname } from 'node:path';
import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { programsOf } from '@holdfast/sandbox/command-programs';
import type { FoundToolchain } from '@holdfast/sandbox/find-toolchain';
import type { Isolation, IsolationLevel } from '@holdfast/sandbox/isolation';
import type { DemandedLevel, OpenedLevel } from '@holdfast/sandbox/levels';
import { programSearch, searchProgram } from '@holdfast/sandbox/program-search';
import type { RecordedToolchain } from '@holdfast/sandbox/toolchain';
import { PipelineError } from './errors.ts';
import { noIsolation } from './execution/isolation.ts';
import { type IsolationDemand, policyDemand, stageDemand } from './isolation-demand.ts';
import type { Project } from './project.ts';
import type { StageNode } from './stage-graph.ts';

/** What a stage is run with. */
export interface StageIsolation {
  readonly isolation: Isolation;
  readonly toolchain: FoundToolchain;
  /** What the toolchain was: digested while the command runs, which can only read it. */
  readonly recorded: Promise<RecordedToolchain>;
  readonly demand: IsolationDemand | undefined;
  /** Why nothing confines it although nobody asked for that; absent when something does. */
  readonly shortfall?: string;
}

/** What the command line asks for, for all stages. */
export interface IsolationWish {
  readonly isolation?: IsolationLevel | undefined;
  /** Who asks for it; absent: `--isolation`. */
  readonly askedBy?: string;
  /** Absolute path of `bwrap`. */
  readonly bubblewrap?: string;
}

/**
 * Finds the isolation of each stage of one run: what this machine can do is tried once, and a toolchain that several
 * stages name is resolved once.
 */
export class StageIsolations {
  readonly #project: Project;
  readonly #wish: IsolationWish;
  readonly #cache: DigestCache | undefined;
  readonly #toolchains = new Map<string, Promise<FoundToolchain>>();
  readonly #records = new Map<FoundToolchain, Promise<RecordedToolchain>>();
  #policy: Promise<IsolationDemand | undefined> | undefined;
  readonly #levels = new Map<DemandedLevel, Promise<OpenedLevel>>();

  /** @param cache remembers the digests of the toolchain's files; without it every byte is read each time */
  constructor(project: Project, wish: IsolationWish = {}, cache?: DigestCache) {
    this.#project = project;
    this.#cache = cache;
    this.#wish = wish;
  }

  get #asked(): IsolationDemand | undefined {
    const { isolation, askedBy = '--isolation' } = this.#wish;
    return isolation === undefined ? undefined : { level: isolation, by: askedBy };
  }

  /** @throws PipelineError HF_ISOLATION_DEMANDED, HF_ENVIRONMENT_UNKNOWN; PolicyError */
  async demandOf(stage: StageNode): Promise<IsolationDemand | undefined> {
    this.#policy ??= policyDemand(this.#project);
    return stageDemand(stage, await this.#policy, this.#asked);
  }

  /**
   * @throws PipelineError as `demandOf`, HF_ISOLATION_UNAVAILABLE; SandboxError HF_SANDBOX_TOOLCHAIN
   */
  async of(stage: StageNode): Promise<StageIsolation> {
    const demand = await this.demandOf(stage);
    if (demand?.level === 'none') return this.#unconfined(stage, demand);
    const level = demand?.level ?? 'sandbox';
    const { description, isolationOf } = await this.#opened(level);
    if (isolationOf !== undefined) {
      const toolchain = await this.#toolchain(stage);
      return { isolation: isolationOf(toolchain), toolchain, recorded: this.#record(toolchain, 'all'), demand };
    }
    const reason = description.problems.join('; ');
    if (demand === undefined) return this.#unconfined(stage, demand, reason);
    const { fix } = description;
    const message = `\`${demand.by}\` demands isolation \`${level}\` for \`${stage.name}\`: ${reason}`;
    throw new PipelineError('HF_ISOLATION_UNAVAILABLE', message, fix === undefined ? {} : { fix });
  }

  async #unconfined(stage: StageNode, demand: IsolationDemand | undefined, reason?: string): Promise<StageIsolation> {
    const toolchain = await this.#toolchain(stage);
    const recorded = this.#record(toolchain, 'programs');
    return {
      isolation: noIsolation,
      toolchain,
      recorded,
      demand,
      ...(reason === undefined ? {} : { shortfall: reason }),
    };
  }

  #opened(level: DemandedLevel): Promise<OpenedLevel> {
    const { bubblewrap } = this.#wish;
    const options = { cache: this.#project.paths.cache, ...(bubblewrap === undefined ? {} : { bubblewrap }) };
    const found =
      this.#levels.get(level) ?? import('@holdfast/sandbox/levels').then(({ openLevel }) => openLevel(level, options));
    this.#levels.set(level, found);
    return found;
  }

  #toolchain({ toolchain, command }: StageNode): Promise<FoundToolchain> {
    const environment = searchEnvironment();
    const search = programSearch(this.#project.folder, environment);
    // a guess: what is not found is perhaps no program, and the command will say so
    const guessed = (): string[] => programsOf(command).filter((name) => searchProgram(name, search) !== undefined);
    const names = toolchain.length > 0 ? toolchain : guessed();
    const key = [...names].sort().join(' ');
    const request = { names, project: this.#project.folder, environment };
    const found =
      this.#toolchains.get(key) ??
      import('@holdfast/sandbox/find-toolchain').then(({ findToolchain }) => findToolchain(request));
    this.#toolchains.set(key, found);
    return found;
  }

  /** Once for a toolchain that several stages are shown. */
  #record(found: FoundToolchain, what: 'all' | 'programs'): Promise<RecordedToolchain> {
    const record =
      this.#records.get(found) ??
      import('@holdfast/sandbox/toolchain').then(({ recordToolchain, recordProgramsOnly }) =>
        what === 'all' ? recordToolchain(found, this.#cache) : recordProgramsOnly(found, this.#cache),
      );
    record.catch(() => undefined); // a stage that fails first does not wait for it
    if (what === 'all') this.#records.set(found, record);
    return record;
  }
}

/** As `commandEnvironment` has it: a stage that asks for Node.js gets the one that Holdfast runs on. */
function searchEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env, PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) };
}
