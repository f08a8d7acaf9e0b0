import { existsSync, readdirSync } from 'node:fs';

/** What a program needs to see of the accelerators of this machine. */
export interface GpuDevices {
  readonly devices: readonly string[];
  /** Read-only: drivers look up their cards there. */
  readonly folders: readonly string[];
}

/** The devices of NVIDIA (`nvidia0`, `nvidiactl`, `nvidia-uvm`, `nvidia-caps/`), AMD (`kfd`) and of DRM (`dri/`). */
export function gpuDevices(): GpuDevices {
  const names = readdirSync('/dev').filter((name) => /^nvidia(?:\d{1,3}|ctl|-[a-z-]{1,32})$/.test(name));
  const devices = [...names.sort(), 'kfd', 'dri'].map((name) => `/dev/${name}`).filter((path) => existsSync(path));
  return { devices, folders: ['/sys'] };
}
