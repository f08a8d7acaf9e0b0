import { readFileSync } from 'node:fs';
import { shown } from './errors.ts';

/** What a program saw of the kernel that it runs on. */
export interface SeenKernel {
  /** A kernel has another one each time that it starts: random(4). */
  readonly bootId: string;
  /** Whether the processor says that it is one of a virtual machine. */
  readonly hypervisor: boolean;
}

/** Runtimes that answer for a kernel in a program of this machine: no kernel of its own, and no machine. */
const userSpaceKernels = /runsc|gvisor/i;

/**
 * Why a container does not run in a virtual machine, or `undefined` when it does as far as can be seen from here: its
 * kernel started at another time than this machine's, and its processor has the flag `hypervisor`.
 *
 * That shows a second kernel, not that it confines: a runtime that lies about its files could show as much. Which
 * runtime is worth that trust is for whoever names it.
 */
export function virtualMachineProblem(
  seen: SeenKernel,
  runtime: string,
  bootId: string = hostBootId(),
): string | undefined {
  if (userSpaceKernels.test(runtime)) return `the runtime ${shown(runtime)} is no virtual machine`;
  if (seen.bootId === bootId) return `the runtime ${shown(runtime)} runs on the kernel of this machine`;
  if (!seen.hypervisor) return `the runtime ${shown(runtime)} shows a processor that is of no virtual machine`;
  return undefined;
}

function hostBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Release of the kernel of this machine. */
export function hostKernel(): string {
  return readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
}
