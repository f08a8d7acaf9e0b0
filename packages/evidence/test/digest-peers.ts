import { spawnSync } from 'node:child_process';
import { accessSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';

/** Skips the test for want of an external part; where everything is required (CI) it fails instead. */
export function needs(context: TestContext, what: string): never {
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${what}`);
  context.skip(`needs ${what}`);
}

export function hasCommand(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

/** The real `model_signing` (tools/peers/requirements-model-signing.txt), if it is installed. */
export function modelSigningCommand(): string | undefined {
  const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers');
  const command = join(peers, 'model-signing', 'bin', 'model_signing');
  try {
    accessSync(command);
    return command;
  } catch {
    return undefined;
  }
}

/** A fresh folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-digest-')));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
