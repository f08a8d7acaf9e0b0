import type { RunDependency } from '@holdfast/evidence';
import type { RecordedToolchain, ToolchainProgram } from './toolchain.ts';
import type { ToolchainRoot } from './toolchain-roots.ts';

/** Of distributions of all roots together: a list that grows without end would drown the inputs. */
const maximumDistributions = 4000;

/**
 * A toolchain as dependencies of a run: SLSA provenance v1, `resolvedDependencies`. All have `annotations.kind:
 * 'toolchain'`; their names are `toolchain:NAME` for a program, `toolchain:/PATH` for a folder or file that was shown,
 * `toolchain:system:packages` for the database of packages. `annotations.digestOf` says what was hashed.
 *
 * @example
 * import { resolveToolchain } from '@holdfast/sandbox';
 *
 * const toolchain = await resolveToolchain({ names: ['python'], project: '~/model' });
 * const resolvedDependencies = toolchainDependencies(toolchain);
 */
export function toolchainDependencies(toolchain: RecordedToolchain): RunDependency[] {
  let left = maximumDistributions;
  const roots = toolchain.roots.map((root) => {
    const distributions = root.distributions.slice(0, left);
    left -= distributions.length;
    return rootDependency(root, distributions);
  });
  return [...toolchain.programs.map(programDependency), ...systemDependency(toolchain), ...roots];
}

function programDependency({ name, path, version, sha256 }: ToolchainProgram): RunDependency {
  const known = version === undefined ? {} : { version };
  const annotations = { kind: 'toolchain', part: 'program', digestOf: 'file', path, ...known };
  return { name: `toolchain:${name}`, digest: { sha256 }, annotations };
}

/** Where no package database is known, the digest of `/usr` covers all of it. */
function systemDependency({ system }: RecordedToolchain): RunDependency[] {
  const { os, packages, packagesSha256 } = system;
  if (packagesSha256 === undefined) return [];
  const annotations = { kind: 'toolchain', part: 'packages', digestOf: 'package database', version: os, packages };
  return [{ name: 'toolchain:system:packages', digest: { sha256: packagesSha256 }, annotations }];
}

function rootDependency(root: ToolchainRoot, distributions: readonly string[]): RunDependency {
  const left = root.distributions.length - distributions.length + root.distributionsLeft;
  const annotations = {
    kind: 'toolchain',
    part: root.kind,
    digestOf: root.digestOf,
    path: root.path,
    ...(root.version === undefined ? {} : { version: root.version }),
    ...(root.installedSha256 === root.sha256 ? {} : { installedSha256: root.installedSha256 }),
    ...(root.digestOf === 'listing' ? { fileCount: root.files, bytes: root.bytes } : {}),
    ...(distributions.length === 0 ? {} : { distributions: [...distributions] }),
    ...(left === 0 ? {} : { distributionsLeft: left }),
  };
  return { name: `toolchain:${root.path}`, digest: { sha256: root.sha256 }, annotations };
}
