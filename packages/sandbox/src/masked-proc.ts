import { readdirSync } from 'node:fs';
import type { IsolationRequest } from './isolation.ts';

/**
 * What the OCI runtime specification's implementations mask (runc `spec/defaults`, podman): as root, whose number the
 * kernel sees through the user namespace, these would be readable by file permissions alone.
 *
 * All of `/proc` is read-only: bubblewrap covers `/proc/sys` only where `access` finds the folder writable, which it is
 * not for root without capabilities; its files are, `kernel/core_pattern` among them (0.8.0, tried as root).
 */
const maskedFiles = ['kcore', 'keys', 'key-users', 'latency_stats', 'timer_list', 'timer_stats', 'sched_debug', 'kmsg'];
const moreMaskedFiles = ['slabinfo', 'vmallocinfo', 'pagetypeinfo', 'kpagecount', 'kpageflags', 'kpagecgroup', 'mtrr'];
const maskedFolders = ['acpi', 'asound', 'scsi', 'driver', 'dynamic_debug', 'fs', 'pressure'];

/** @param empty The absolute path of an empty file, to be seen in place of what is masked. */
export function maskedProc(empty: string, gpu: IsolationRequest['gpu']): string[] {
  const present = new Set(readdirSync('/proc'));
  const files = [...maskedFiles, ...moreMaskedFiles].filter((name) => present.has(name));
  const folders = maskedFolders
    .filter((name) => present.has(name) && (name !== 'driver' || gpu === 'none')) // /proc/driver/nvidia
    .map((name) => `/proc/${name}`);
  return [
    ...files.flatMap((name) => ['--ro-bind', empty, `/proc/${name}`]),
    ...folders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
    ...['--remount-ro', '/proc'],
  ];
}
