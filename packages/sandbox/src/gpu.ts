import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeAccelerators } from './accelerators.ts';
import { SandboxError } from './errors.ts';
import type { Accelerator, Enforcement, IsolationRequest } from './isolation.ts';

/** What a program needs to see of the accelerators of this machine. */
export interface GpuDevices {
  readonly devices: readonly string[];
  /** Read-only: drivers look up their cards there. */
  readonly folders: readonly string[];
}

/** The accelerators that a run may use, and how that is recorded. */
export interface OpenGpu extends GpuDevices {
  readonly enforced: Enforcement['enforced'];
  readonly recorded: Pick<Enforcement, 'accelerators'>;
}

/**
 * Opens the accelerators that a run asks for: those of NVIDIA by the number of their device, then those of AMD.
 *
 * @param root Where `/dev`, `/proc` and `/sys` are.
 * @throws SandboxError HF_SANDBOX_GPU when there are fewer than that, HF_SANDBOX_REQUEST.
 */
export function openGpu(gpu: IsolationRequest['gpu'], root = '/'): OpenGpu {
  if (gpu === 'none') return { devices: [], folders: [], enforced: { gpu: 'none' }, recorded: {} };
  const there = describeAccelerators(root);
  const open = typeof gpu === 'number' ? there.slice(0, requireCount(gpu, there.length)) : there;
  if (gpu === 'all' && there.length === 0) throw missing('accelerators were asked for, and there is none');
  const isPart = open.length < there.length;
  return {
    devices: isPart ? devicesOf(open, root) : allDevices(root),
    folders: ['/sys'],
    enforced: isPart ? { gpu: `${open.length} of ${there.length}` } : {},
    recorded: { accelerators: open },
  };
}

function requireCount(count: number, there: number): number {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new SandboxError('HF_SANDBOX_REQUEST', `\`${count}\` is no number of accelerators`);
  }
  if (count > there) throw missing(`\`${count}\` accelerators were asked for, and there are \`${there}\``);
  return count;
}

function missing(message: string): SandboxError {
  return new SandboxError('HF_SANDBOX_GPU', message);
}

/** The devices of NVIDIA (`nvidia0`, `nvidiactl`, `nvidia-uvm`, `nvidia-caps/`), AMD (`kfd`) and of DRM (`dri/`). */
function allDevices(root: string): string[] {
  return present([...nvidiaNames(root), 'kfd', 'dri'], root);
}

/** The devices of some cards, and those that every card of their vendor needs. */
function devicesOf(open: readonly Accelerator[], root: string): string[] {
  const minors = (vendor: Accelerator['vendor']): number[] =>
    open.filter((accelerator) => accelerator.vendor === vendor).map(({ minor }) => minor);
  const [nvidia, amd] = [minors('nvidia'), minors('amd')];
  const shared = nvidiaNames(root).filter((name) => !/^nvidia\d+$/.test(name));
  const names = [
    ...(nvidia.length === 0 ? [] : [...nvidia.map((minor) => `nvidia${minor}`), ...shared]),
    ...(amd.length === 0 ? [] : ['kfd', ...amd.map((minor) => `dri/renderD${minor}`)]),
  ];
  return present(names, root);
}

function nvidiaNames(root: string): string[] {
  return readdirSync(join(root, 'dev'))
    .filter((name) => /^nvidia(?:\d{1,3}|ctl|-[a-z-]{1,32})$/.test(name))
    .sort();
}

function present(names: readonly string[], root: string): string[] {
  return names.filter((name) => existsSync(join(root, 'dev', name))).map((name) => `/dev/${name}`);
}
