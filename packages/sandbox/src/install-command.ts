import { existsSync } from 'node:fs';

/** Package managers by where they are, and how each installs. */
const managers = {
  '/usr/bin/apt-get': 'apt-get install',
  '/usr/bin/dnf': 'dnf install',
  '/usr/bin/pacman': 'pacman -S',
  '/sbin/apk': 'apk add',
  '/usr/bin/zypper': 'zypper install',
} as const;

/**
 * The command by which this machine installs packages, or `otherwise` where no package manager is known.
 *
 * @param packages Names that are the same everywhere; `debian` stands in their place on Debian and its children.
 */
export function installCommand(packages: string, otherwise: string, debian = packages): string {
  const [path, command] = Object.entries(managers).find(([program]) => existsSync(program)) ?? [];
  if (command === undefined) return otherwise;
  return `${command} ${path === '/usr/bin/apt-get' ? debian : packages}`;
}
