import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { bubblewrapIsolation } from './bubblewrap.ts';
import type { Isolation } from './isolation.ts';
import { type ProbeOptions, requireSandbox } from './probe.ts';
import { type RecordedToolchain, resolveToolchain } from './toolchain.ts';

export interface SandboxOptions extends ProbeOptions {
  /** Names of programs: `['python']`. */
  readonly toolchain: readonly string[];
  /** Absolute path. */
  readonly project: string;
  /** Where the digests of the toolchain's files are kept; without it each of them is read every time. */
  readonly digests?: DigestCache | undefined;
}

/**
 * A sandbox for the stages of one project, on a machine that was found to keep its promises.
 *
 * @throws SandboxError HF_SANDBOX_UNAVAILABLE, HF_SANDBOX_TOOLCHAIN.
 *
 * @example
 * const { isolation, toolchain } = await openSandbox({ toolchain: ['python'], project: '~/model' });
 */
export async function openSandbox(
  options: SandboxOptions,
): Promise<{ isolation: Isolation; toolchain: RecordedToolchain }> {
  const { program, version } = await requireSandbox(options);
  const { toolchain: names, project, digests: cache } = options;
  const toolchain = await resolveToolchain({ names, project, cache });
  return { isolation: bubblewrapIsolation({ program, version, toolchain }), toolchain };
}
