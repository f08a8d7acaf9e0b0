import { readdirSync, readFileSync } from 'node:fs';

/** Numbers of the processes that a process has started, and those that they have (proc(5)); none that only wait to be collected. */
export function processesBelow(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(name);
      // the name in parentheses may hold anything
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return stat === '' || state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent) }];
    });
  const below = (of: number): number[] =>
    parents.filter(({ parent }) => parent === of).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return '';
  }
}

/** Those that scan. */
export function scanningBelow(pid: number): number[] {
  return processesBelow(pid).filter((each) => {
    try {
      return readFileSync(`/proc/${each}/cmdline`, 'latin1').includes('processes/main.');
    } catch {
      return false;
    }
  });
}
