import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from './process.ts';
import { publishedPackages, root } from './repository.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** The manifest as it is published: without the way to sources that are not. */
function published(manifest: Manifest): Manifest {
  const exports = Object.entries(manifest.exports).map(([path, target]): [string, Manifest['exports'][string]] => {
    if (typeof target === 'string') return [path, target];
    return [path, Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== 'source'))];
  });
  return { ...manifest, exports: Object.fromEntries(exports) };
}

/** Lays a package out as it is published: what was built, its README, the licence. */
function layOut(name: string, folder: string): void {
  const from = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest;
  mkdirSync(folder, { recursive: true });
  for (const part of [...manifest.files.filter((file) => !file.startsWith('!')), 'README.md']) {
    if (!existsSync(join(from, part))) throw new Error(`\`packages/${name}\` has no \`${part}\`: npm run build`);
    cpSync(join(from, part), join(folder, part), {
      recursive: true,
      filter: (path) => !path.endsWith('.tsbuildinfo'),
    });
  }
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published(manifest), undefined, 2)}\n`);
}

/**
 * Packs every published package that was built.
 * @param folder is emptied; afterwards there is `NAME/`, ready for `npm publish`, for every package
 * @returns the tarballs, in the order of the packages
 */
export async function packAll(folder: string): Promise<string[]> {
  rmSync(folder, { recursive: true, force: true });
  for (const name of publishedPackages) layOut(name, join(folder, name));
  const { status, output } = await execute(
    'npm',
    ['pack', '--silent', '--pack-destination', folder, ...publishedPackages.map((name) => `./${name}`)],
    { folder },
  );
  const files = output
    .trim()
    .split('\n')
    .filter((line) => line.endsWith('.tgz'));
  if (status !== 0 || files.length !== publishedPackages.length) throw new Error(`npm cannot pack: ${output}`);
  return files.map((file) => join(folder, file));
}
