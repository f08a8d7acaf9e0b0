import { readdir, readFile, readlink } from 'node:fs/promises';
import { GatewayError } from '../errors.ts';

/** LISTEN in `/proc/net/tcp` (Linux, net/tcp_states.h). */
const listening = '0A';

/**
 * Whether everything that listens on a port of this machine belongs to a process: to its group, its session, or what it started. Two
 * processes can share a port; another could have taken it before the server did.
 *
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where the system does not show it (proc(5) is Linux's)
 */
export async function ownsPort(leader: number, port: number): Promise<boolean> {
  const inodes = await listenersOf(port);
  if (inodes.size === 0) return false;
  for (const pid of await membersOf(leader)) {
    for (const inode of await socketsOf(pid)) inodes.delete(inode);
  }
  return inodes.size === 0;
}

async function listenersOf(port: number): Promise<Set<string>> {
  const inodes = new Set<string>();
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all([
    readFile('/proc/net/tcp', 'utf8').catch(unsupported),
    readFile('/proc/net/tcp6', 'utf8').catch(() => ''),
  ]);
  for (const line of tables.join('\n').split('\n')) {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    if (state === listening && local.endsWith(`:${wanted}`)) inodes.add(inode);
  }
  return inodes;
}

function unsupported(cause: unknown): never {
  throw new GatewayError('HF_GATEWAY_CONFIGURATION', '`launch` takes Linux: nothing else shows whose a port is', {
    cause,
  });
}

interface Shown {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

async function membersOf(leader: number): Promise<Set<number>> {
  const pids = (await readdir('/proc')).filter((name) => /^[1-9][0-9]*$/.test(name));
  const all = (await Promise.all(pids.map(shownOf))).filter((each) => each !== undefined);
  const members = new Set(
    all
      .filter(({ pid, group, session }) => pid === leader || group === leader || session === leader)
      .map(({ pid }) => pid),
  );
  for (let before = 0; before < members.size; ) {
    before = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  return members;
}

async function shownOf(name: string): Promise<Shown | undefined> {
  const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
  // The name of the program is in parentheses, and can hold anything.
  const [, parent, group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return text === ''
    ? undefined
    : { pid: Number(name), parent: Number(parent), group: Number(group), session: Number(session) };
}

async function socketsOf(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []);
}
