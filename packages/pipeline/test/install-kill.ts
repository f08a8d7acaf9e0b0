import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@holdfast/testkit';
import { checkInstalled } from '../src/install/check-installed.ts';

const scenario = fileURLToPath(new URL('./install-scenario.ts', import.meta.url));

/** Another device in the same state. */
export function copyOfDevice(device: string): string {
  const folder = join(temporaryFolder(), 'device');
  cpSync(device, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

/** Starts an install and kills it so many milliseconds after it began; whether it ended before. */
export async function killInstall(archive: string, folder: string, ms: number): Promise<boolean> {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, scenario, archive, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const ended = once(child, 'close');
  while (!said.includes('begin')) await Promise.race([once(child.stdout, 'data'), ended]);
  await Promise.race([sleep(ms), ended]);
  child.kill('SIGKILL');
  await ended;
  return said.includes('end');
}

/** The version that would be started; the code of what forbids it otherwise. */
export async function startable(folder: string): Promise<number | string> {
  const state = await checkInstalled(folder, { now: new Date(), pointer: 'current' });
  return state.isGood ? state.version : state.problem.code;
}
