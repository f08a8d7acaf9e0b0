import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import type { Link } from './system-files.ts';

const maximumLinks = 40; // MAXSYMLINKS of linux/namei.h

/** Every symbolic link on the way from a path to what it means. */
export function linksTo(path: string): Link[] {
  const links: Link[] = [];
  const walk = (current: string): void => {
    let at = '/';
    for (const part of current.split('/').filter(Boolean)) {
      at = join(at, part);
      if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
      const target = readlinkSync(at);
      if (links.length >= maximumLinks) throw endless(path);
      links.push({ path: at, target });
      walk(join(resolve(dirname(at), target), current.slice(at.length)));
      return;
    }
  };
  walk(resolve(path));
  return links;
}

function endless(path: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', `${shown(path)} leads through too many symbolic links`, {
    where: path,
  });
}
