import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ask } from './ask.ts';
import { askEngine, type ContainerEngine } from './container-engine.ts';
import { SandboxError, shown } from './errors.ts';
import type { Toolchain } from './toolchain.ts';

/**
 * The image that docker takes a root from: nothing but the links of a toolchain. It is made without a registry, from an
 * archive, and kept for the next run with the same links; what is mounted on, docker makes in each container.
 *
 * @returns Its name, `holdfast/root:DIGEST`.
 * @throws SandboxError HF_SANDBOX_START.
 */
export async function importRoot(engine: ContainerEngine, made: string, { links }: Toolchain): Promise<string> {
  const content = JSON.stringify(links.map(({ path, target }) => [path, target]).toSorted());
  const name = `holdfast/root:${createHash('sha256').update(content).digest('hex')}`;
  const { code } = await askEngine(engine, ['image', 'inspect', '--format', 'there', name]);
  if (code === 0) return name;
  const root = join(made, 'root');
  mkdirSync(root, { mode: 0o755 });
  for (const path of ['proc', 'tmp']) mkdirSync(join(root, path));
  chmodSync(join(root, 'tmp'), 0o1777);
  for (const { path, target } of links) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }
  const archive = join(made, 'root.tar');
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  const packed = await ask('tar', ['-C', root, ...owner, '-cf', archive, '.']);
  if (packed === undefined) throw notMade('`tar` failed');
  const change = ['--change', 'LABEL org.holdfast.root=1'];
  const imported = await askEngine(engine, ['import', ...change, archive, name]);
  if (imported.code !== 0) throw notMade(shown(imported.stderr.trim()));
  return name;
}

function notMade(reason: string): SandboxError {
  return new SandboxError('HF_SANDBOX_START', `an empty image could not be made: ${reason}`);
}
