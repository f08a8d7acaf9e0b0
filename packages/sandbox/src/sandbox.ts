import { bubblewrapIsolation } from './bubblewrap.ts';
import type { Isolation } from './isolation.ts';
import { type ProbeOptions, requireSandbox } from './probe.ts';
import { resolveToolchain, type Toolchain } from './toolchain.ts';

export interface SandboxOptions extends ProbeOptions {
  /** Names of programs: `['python']`. */
  readonly toolchain: readonly string[];
  /** Absolute path. */
  readonly project: string;
}

/**
 * A sandbox for the stages of one project, on a machine that was found to keep its promises.
 *
 * @throws SandboxError HF_SANDBOX_UNAVAILABLE, HF_SANDBOX_TOOLCHAIN.
 *
 * @example
 * const { isolation, toolchain } = await openSandbox({ toolchain: ['python'], project: '~/model' });
 */
export async function openSandbox(options: SandboxOptions): Promise<{ isolation: Isolation; toolchain: Toolchain }> {
  const { program, version } = await requireSandbox(options);
  const toolchain = await resolveToolchain({ names: options.toolchain, project: options.project });
  return { isolation: bubblewrapIsolation({ program, version, toolchain }), toolchain };
}
