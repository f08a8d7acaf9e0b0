import { join, sep } from 'node:path';
import type { LaunchOrder } from '@holdfast/gateway/binding/launched-server';
import type { Project } from '@holdfast/pipeline/project';
import { probeSandbox } from '@holdfast/sandbox/probe';

export type ServerConfinement = LaunchOrder['confine'];

/**
 * What a model server that is launched is confined with: bubblewrap, where this machine keeps what it promises. Everything is
 * read-only but the server's own folder and `/tmp`; the project's keys, ledger and evidence are not there; processes are its own, and
 * all of them end with it. The network is the machine's: the gateway has to reach the server. Without bubblewrap it is said that
 * nothing confines it.
 */
export async function serverConfinement(
  { folder, paths }: Pick<Project, 'folder' | 'paths'>,
  said: (line: string) => void,
): Promise<ServerConfinement> {
  const { available, program, problems } = await probeSandbox({ cache: join(paths.cache, 'sandbox.json') });
  if (!available || program === undefined) {
    said(`model servers are launched unconfined: ${problems.join('; ')}`);
    return () => [];
  }
  const hidden = join(folder, '.holdfast');
  const isTemporary = folder.startsWith(`${sep}tmp${sep}`);
  return ({ model, home }) => [
    ...[program, '--die-with-parent', '--unshare-user', '--unshare-pid', '--unshare-ipc', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp'],
    ...(isTemporary ? ['--ro-bind', folder, folder] : []),
    ...['--tmpfs', hidden, '--ro-bind', model, model, '--bind', home, home, '--remount-ro', hidden],
    ...['--chdir', home, '--'],
  ];
}
