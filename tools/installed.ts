import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from './pack.ts';
import { execute } from './process.ts';
import { root } from './repository.ts';

/** The environment of somebody outside of this repository: no npm script, no program of ours on the path. */
export function outsideEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_registry)|NODE_|HOLDFAST_|INIT_CWD)/i.test(name),
  );
  const separator = process.platform === 'win32' ? ';' : ':';
  const folders = (process.env['PATH'] ?? '').split(separator);
  const path = folders.filter(
    (folder) => !/[\\/]node_modules[\\/]/.test(`${folder}/`) && !folder.includes('node-gyp-bin'),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(separator) };
}

/** Builds, packs and installs every package as a user would, and returns the folder, which lies outside of the repository. */
export async function installPacked(): Promise<string> {
  await mustPass('build', process.execPath, ['--conditions=source', join(root, 'tools', 'build.ts')], {});
  const tarballs = await packAll(join(root, 'build', 'packages'));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-installed-')));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const words = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs];
  await mustPass('npm install', 'npm', words, { folder, env: outsideEnvironment() });
  return folder;
}

async function mustPass(what: string, program: string, words: readonly string[], start: Parameters<typeof execute>[2]) {
  const { status, output } = await execute(program, words, start);
  if (status !== 0) throw new Error(`${what} ended with ${status}:\n${output}`);
}
