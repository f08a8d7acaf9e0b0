import { readdirSync, readFileSync } from 'node:fs';
import type { Toolchain } from '@holdfast/sandbox';
import { containerIsolation } from '@holdfast/sandbox/container';
import type { ContainerEngine, HeldLimit } from '@holdfast/sandbox/container-engine';
import { probeContainer } from '@holdfast/sandbox/container-probe';

/** An engine that was tried here, and what its control groups hold. */
export interface FoundEngine {
  readonly engine: ContainerEngine;
  readonly holds: readonly HeldLimit[];
}

let tried: ReturnType<typeof probeContainer> | undefined;

/** The podman of this machine, as it was found to hold; skips where none does, or fails where everything must be there. */
export async function needsPodman(context: { skip(note: string): never }): Promise<FoundEngine> {
  tried ??= probeContainer({ level: 'container', engine: 'podman' });
  const { engine, holds = [], problems } = await tried;
  if (engine !== undefined) return { engine, holds };
  const need = `needs podman that can run here: ${problems.join('; ')}`;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(need);
  return context.skip(need);
}

export function isolationOf({ engine, holds }: FoundEngine, toolchain: Toolchain) {
  return containerIsolation({ engine, holds, toolchain });
}

/** Processes of this machine that carry a run in their environment. */
export function processesOf(run: string): string[] {
  const marker = `HOLDFAST_RUN=${run}`;
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(marker);
    } catch {
      return false;
    }
  });
}

/** The arguments of a process, none when it is gone. */
export function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

/** One that is gone already counts as killed. */
export function kill(pids: readonly string[]): void {
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
