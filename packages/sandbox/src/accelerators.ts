import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Accelerator } from './isolation.ts';

/** NV_MAX_DEVICES of the NVIDIA driver is 32; a machine with more nodes than this is none. */
const maximumDevices = 256;
const maximumBytes = 65_536;
const maximumText = 200;

/**
 * The accelerators of this machine, those of NVIDIA by the number of their device, then those of AMD by their node.
 *
 * Read from what the drivers show: no program of a vendor is started, and no device opened. A card whose driver shows a
 * device and nothing else is listed by its device alone.
 *
 * @param root Where `/dev`, `/proc` and `/sys` are.
 */
export function describeAccelerators(root = '/'): Accelerator[] {
  return [...nvidia(root), ...amd(root)];
}

/**
 * `/proc/driver/nvidia`: README of the NVIDIA driver, chapter "The /proc Interface"; the fields are those of
 * `nv_procfs_read_gpu_info` in `kernel-open/nvidia/nv-procfs.c` of NVIDIA/open-gpu-kernel-modules.
 */
function nvidia(root: string): Accelerator[] {
  const driver = nvidiaDriver(root);
  const known = new Map<number, Accelerator>();
  for (const name of names(join(root, 'proc/driver/nvidia/gpus'))) {
    const about = fields(text(join(root, 'proc/driver/nvidia/gpus', name, 'information')), /^([A-Za-z ]+):(.*)$/);
    const minor = wholeNumber(about.get('Device Minor'));
    if (minor === undefined || about.get('GPU Excluded') === 'Yes') continue;
    const [model, uuid] = [about.get('Model'), about.get('GPU UUID')];
    known.set(minor, { vendor: 'nvidia', ...present({ model, driver, uuid }), minor });
  }
  const minors = names(join(root, 'dev')).flatMap((name) => wholeNumber(/^nvidia(\d{1,3})$/.exec(name)?.[1]) ?? []);
  return minors
    .toSorted((one, other) => one - other)
    .map((minor) => known.get(minor) ?? { vendor: 'nvidia', ...present({ driver }), minor });
}

/** `NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.135  Fri …`, or `… Open Kernel Module for x86_64  565.77 …`. */
function nvidiaDriver(root: string): string | undefined {
  const line = text(join(root, 'proc/driver/nvidia/version')).split('\n')[0] ?? '';
  return /^NVRM version: .*?\s(\d{1,6}(?:\.\d{1,6}){1,3})(?:\s|$)/.exec(line)?.[1];
}

/**
 * `/sys/class/kfd`: `node_show` in `drivers/gpu/drm/amd/amdkfd/kfd_topology.c`; a node without SIMDs is a processor.
 * `product_name` and `unique_id` of the card: Linux, `Documentation/gpu/amdgpu/driver-misc.rst`.
 */
function amd(root: string): Accelerator[] {
  const nodes = join(root, 'sys/class/kfd/kfd/topology/nodes');
  const driver = amdDriver(root);
  const numbers = names(nodes).flatMap((name) => wholeNumber(name) ?? []);
  return numbers
    .toSorted((one, other) => one - other)
    .flatMap((node) => {
      const about = fields(text(join(nodes, String(node), 'properties')), /^([a-z0-9_]+) (\d+)$/);
      const minor = wholeNumber(about.get('drm_render_minor'));
      if (minor === undefined || minor === 0 || (wholeNumber(about.get('simd_count')) ?? 0) === 0) return [];
      const card = join(root, `sys/class/drm/renderD${minor}/device`);
      const model = line(card, 'product_name') ?? architecture(about.get('gfx_target_version'));
      const uuid = amdUuid(line(card, 'unique_id'));
      return [{ vendor: 'amd' as const, ...present({ model, driver, uuid }), minor }];
    });
}

/** Only a driver that was installed beside the kernel has a version of its own. */
function amdDriver(root: string): string | undefined {
  const version = line(join(root, 'sys/module/amdgpu'), 'version');
  const release = line(join(root, 'proc/sys/kernel'), 'osrelease');
  return version ?? (release === undefined ? undefined : `linux ${release}`);
}

/** `90010` is 9.0.10, which AMD calls `gfx90a`: the last two parts are one hexadecimal digit each. */
function architecture(version: string | undefined): string | undefined {
  const number = wholeNumber(version) ?? 0;
  const [major, minor, step] = [Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100];
  return number === 0 ? undefined : `gfx${major}${minor.toString(16)}${step.toString(16)}`;
}

/** As ROCm writes it, `GPU-` before the 16 digits of the file. */
function amdUuid(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{1,16}$/.test(text) ? `GPU-${text.padStart(16, '0')}` : undefined;
}

function fields(content: string, pattern: RegExp): Map<string, string> {
  const pairs = content.split('\n').flatMap((text) => {
    const [, name = '', value = ''] = pattern.exec(text) ?? [];
    const shown = sound(value);
    return name === '' || shown === undefined ? [] : [[name.trim(), shown] as const];
  });
  return new Map(pairs);
}

function line(folder: string, name: string): string | undefined {
  return sound(text(join(folder, name)).split('\n')[0] ?? '');
}

/** What goes into evidence is one short line that a terminal obeys nothing of. */
function sound(value: string): string | undefined {
  const trimmed = value.trim();
  return trimmed === '' || trimmed.length > maximumText || /[\p{C}\p{Zl}\p{Zp}]/u.test(trimmed) ? undefined : trimmed;
}

function present(
  values: Readonly<Record<'model' | 'driver' | 'uuid', string | undefined>> | { driver: string | undefined },
) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<
    Record<'model' | 'driver' | 'uuid', string>
  >;
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, folder.endsWith('/dev') ? undefined : maximumDevices);
  } catch {
    return [];
  }
}

/** The first bytes of a file; nothing when it cannot be read. */
function text(path: string): string {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(maximumBytes);
      return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, maximumBytes, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
