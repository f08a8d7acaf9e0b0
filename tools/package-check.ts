// What is said about a package in several places is the same everywhere: tools/packages.json, its manifest, its tsconfig.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import rooms from './packages.json' with { type: 'json' };
import { packageFolders, root, textOf } from './repository.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly private?: boolean;
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly access?: string };
}

const manifestOf = (path: string): Manifest => JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
const { version } = manifestOf('package.json');
const below = rooms as Readonly<Record<string, readonly string[]>>;

function problemsOf(folder: string): string[] {
  const manifest = manifestOf(`packages/${folder}/package.json`);
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies };
  const own = Object.keys(all).flatMap((name) => /^@holdfast\/(.*)$/.exec(name)?.[1] ?? []);
  const loose = Object.entries(all).filter(([, range]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(range));
  const says: (string | false)[] = [
    manifest.version !== version && `its version is ${manifest.version}, not ${version}`,
    ...own.map((name) => all[`@holdfast/${name}`] !== version && `it depends on another version of ${name}`),
    ...loose.map(([name, range]) => `\`${name}\` is not pinned: \`${range}\``),
  ];
  if (manifest.private !== true) says.push(...publishedProblems(folder, manifest, own));
  return says.filter((problem) => problem !== false).map((problem) => `packages/${folder}: ${problem}`);
}

function publishedProblems(folder: string, manifest: Manifest, own: readonly string[]): (string | false)[] {
  const allowed = below[folder];
  if (allowed === undefined) return ['it is not in tools/packages.json, so that no rule holds for it'];
  const { references = [] } = JSON.parse(textOf(`packages/${folder}/tsconfig.json`)) as {
    references?: { path: string }[];
  };
  const referenced = references.map(({ path }) => path.replace('../', ''));
  return [
    ...own.map((name) => !allowed.includes(name) && `it may not depend on ${name}`),
    referenced.toSorted().join() !== own.toSorted().join() && 'its tsconfig.json does not reference what it depends on',
    manifest.license !== 'Apache-2.0' && 'its licence is not Apache-2.0',
    manifest.publishConfig?.access !== 'public' && 'it would not be published for everybody',
    manifest.files?.includes('dist') !== true && 'it would be published without what is built',
    !existsSync(join(root, 'packages', folder, 'README.md')) && 'it has no README.md',
  ];
}

const problems = packageFolders().flatMap(problemsOf);
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
