import { basename } from 'node:path';
import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { contentDigests } from './content-digests.ts';
import { readDebianPackages } from './debian-packages.ts';
import { SandboxError, shown } from './errors.ts';
import { type FoundToolchain, findToolchain, type ToolchainRequest } from './find-toolchain.ts';
import type { FoundProgram } from './found-program.ts';
import { listFiles } from './listing.ts';
import type { Link } from './system-files.ts';
import { describeSystem, type SystemRecord } from './system-record.ts';
import { recordRoot, type ToolchainRoot } from './toolchain-roots.ts';

/** What a sandbox shows beside the inputs. */
export interface Toolchain {
  /** Absolute paths, bound read-only where they are. */
  readonly binds: readonly string[];
  readonly links: readonly Link[];
  /** Folders to search first for a program. */
  readonly path: readonly string[];
}

/** One program that the command may start, as it was when the toolchain was resolved. */
export interface ToolchainProgram {
  /** As it was asked for, `jupyter`; an interpreter behind a script is `jupyter:python3`. */
  readonly name: string;
  /** Real path. */
  readonly path: string;
  readonly version?: string;
  readonly sha256: string;
}

/** A toolchain, and what all of it was when it was resolved. */
export interface RecordedToolchain extends Toolchain {
  readonly programs: readonly ToolchainProgram[];
  readonly system: SystemRecord;
  /** One for each of `binds`, in the same order. */
  readonly roots: readonly ToolchainRoot[];
}

/**
 * Finds what must be visible for the named programs to run, and records what it is: for `python` its prefix and virtual
 * environment, for `node` its folder and every `node_modules` above the project, for a script its interpreter, for
 * others the program itself, and for all of them what the operating system owns.
 *
 * A name means what it would mean in an activated environment. It is searched in `VIRTUAL_ENV/bin`, `CONDA_PREFIX/bin`,
 * `.venv/bin` and `venv/bin` of the project, then on the `PATH`. A virtual environment may lie in the project or
 * anywhere in a home, but it cannot be a home. What it only points to is not shown: an editable install of the project
 * (`pip install -e .`) finds the files that are declared as inputs, and nothing else.
 *
 * Interpreters are asked themselves where they live, because what stands on `PATH` may be a shim (pyenv, volta). They
 * are started outside the sandbox for that, as `python -I -S -B` and `node -p`; nothing that lies in the project is.
 *
 * Every byte of what is recorded is read, unless `cache` knows the file: resolve once for a pipeline, not once a stage.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 *
 * @example
 * import { openDigestCache } from '@holdfast/evidence/digest/cache';
 *
 * const cache = openDigestCache('~/.cache/holdfast/digests.sqlite');
 * const toolchain = await resolveToolchain({ names: ['python'], project: '~/model', cache });
 * for (const { path, kind, sha256 } of toolchain.roots) console.log(path, kind, sha256);
 */
export async function resolveToolchain(
  request: ToolchainRequest & { readonly cache?: DigestCache | undefined },
): Promise<RecordedToolchain> {
  return await recordToolchain(await findToolchain(request), request.cache);
}

/**
 * The same for a command that nothing confines: it can read everything, so a record of what was shown to it would claim
 * too much. Only the programs are recorded, and `roots` is empty.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function recordProgramsOnly(
  { binds, links, path, programs: found }: FoundToolchain,
  cache: DigestCache | undefined,
): Promise<RecordedToolchain> {
  const programs = await recordPrograms(found, cache);
  const paths = programs.map((program) => program.path);
  return { binds, links, path, programs, roots: [], system: await describeSystem(paths, readDebianPackages()) };
}

/**
 * Records a toolchain that was found: the slow half of {@link resolveToolchain}, for those who let a command run meanwhile.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function recordToolchain(
  found: FoundToolchain,
  cache: DigestCache | undefined,
): Promise<RecordedToolchain> {
  const debian = readDebianPackages();
  const programs = await recordPrograms(found.programs, cache);
  const roots: ToolchainRoot[] = [];
  for (const root of found.roots) roots.push(await recordRoot(root, { cache, debian })); // each uses all cores
  const { binds, links, path } = found;
  const paths = programs.map((program) => program.path);
  return { binds, links, path, programs, roots, system: await describeSystem(paths, debian) };
}

async function recordPrograms(programs: readonly FoundProgram[], cache: DigestCache | undefined) {
  const files = (await Promise.all(programs.map(({ program }) => listFiles(program)))).flat();
  const digests = await contentDigests(files, cache);
  return programs.map(({ name, program, version }, index): ToolchainProgram => {
    const sha256 = digests[index];
    if (sha256 === undefined) throw unreadable(program);
    return { name, path: program, ...(version === undefined ? {} : { version }), sha256 };
  });
}

function unreadable(path: string): SandboxError {
  const message = `the program ${shown(basename(path))} cannot be read, so it cannot be recorded`;
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', message, { where: path });
}
