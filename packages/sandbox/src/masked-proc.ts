import { readdirSync } from 'node:fs';
import type { IsolationRequest } from './isolation.ts';

/**
 * What the OCI runtime specification's implementations mask (runc `spec/defaults`, podman): as root, whose number the
 * kernel sees through the user namespace, these would be readable by file permissions alone.
 */
const maskedFiles = ['kcore', 'keys', 'key-users', 'latency_stats', 'timer_list', 'timer_stats', 'sched_debug', 'kmsg'];
const moreMaskedFiles = ['slabinfo', 'vmallocinfo', 'pagetypeinfo', 'kpagecount', 'kpageflags', 'kpagecgroup', 'mtrr'];
const maskedFolders = ['acpi', 'asound', 'scsi', 'driver', 'dynamic_debug', 'fs', 'pressure'];

/** Files and folders of `/proc` that are there and must not be seen. */
export function maskedInProc({ gpu }: Pick<IsolationRequest, 'gpu'>): { files: string[]; folders: string[] } {
  const present = new Set(readdirSync('/proc'));
  return {
    files: [...maskedFiles, ...moreMaskedFiles].filter((name) => present.has(name)).map((name) => `/proc/${name}`),
    folders: maskedFolders
      .filter((name) => present.has(name) && (name !== 'driver' || gpu === 'none')) // /proc/driver/nvidia
      .map((name) => `/proc/${name}`),
  };
}
