/** Reads what `strace -f -y` wrote: which files were opened for reading, or executed, after a given program was started. */

export interface Read {
  /** As the kernel found it: absolute, links followed. For a program that was started, as it was asked for. */
  readonly path: string;
  /** As it was asked for, relative to the folder that it was relative to. */
  readonly asked: string;
  readonly by: 'open' | 'execute';
}

export interface TracedRun {
  readonly reads: readonly Read[];
  /** Absolute paths that the run made itself, or moved to from one that it made. */
  readonly created: ReadonlySet<string>;
}

/** Every way to open or execute a file by a path or a handle (syscalls(2)); io_uring is closed in the sandbox. */
const opening = ['open', 'openat', 'openat2', 'creat', 'open_by_handle_at'];
const executing = ['execve', 'execveat', 'uselib'];

/** By which a run makes something that it may read afterwards. */
const making = ['mkdir', 'mkdirat', 'rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat'];

/** `?`: not every architecture has all of them. */
export const straceOptions = [
  ...['-f', '-y', '-qq', '-e', `trace=${[...opening, ...executing, ...making].map((name) => `?${name}`).join(',')}`],
  ...['-e', 'signal=none'],
];

/**
 * @param program With which the run begins; processes that were there before set up the sandbox, and do not count.
 * @throws Error for a line that is not understood: it could hide a file.
 */
export function readTrace(log: string, program: string): TracedRun {
  const before = new Set<string>();
  const reads: Read[] = [];
  const created = new Set<string>();
  let hasBegun = false;
  for (const { process, name, text } of callsOf(log)) {
    if (!hasBegun) {
      before.add(process);
      hasBegun =
        before.size > 1 && executing.includes(name) && text.startsWith(`${name}("${program}", `) && isDone(text);
      if (hasBegun) before.delete(process);
    }
    if (before.has(process) || !hasBegun || !isDone(text)) continue;
    if (executing.includes(name)) reads.push(executed(text));
    else if (making.includes(name)) madeBy(name, text, created);
    else {
      const file = opened(text);
      if (!/\bO_WRONLY\b/.test(flagsOf(text)) && name !== 'creat') reads.push(file);
      if (/\bO_CREAT\b/.test(flagsOf(text)) || name === 'creat') created.add(file.path);
    }
  }
  if (!hasBegun) throw new Error(`\`${program}\` was not started`);
  return { reads, created };
}

interface Call {
  readonly process: string;
  readonly name: string;
  /** `openat(AT_FDCWD</project>, "x", O_RDONLY) = 3</project/x>` */
  readonly text: string;
}

/** The calls in the order of their ends: strace breaks a line where another process comes between. */
function* callsOf(log: string): Generator<Call> {
  const begun = new Map<string, string>();
  for (const line of log.split('\n').filter(Boolean)) {
    const [, process = '', body = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (/^(?:\+\+\+|---) .* (?:\+\+\+|---)$/.test(body)) continue; // an end, a signal
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(body)?.[1];
    if (unfinished !== undefined) {
      begun.set(process, unfinished);
      continue;
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(body)?.[1];
    const text = rest === undefined ? body : `${begun.get(process) ?? ''}${rest}`;
    const name = /^(\w+)\(/.exec(text)?.[1];
    if (name === undefined || !/\) += (?:\?|-?\d+)/.test(text)) throw new Error(`not understood: ${line}`);
    yield { process, name, text };
  }
}

function isDone(text: string): boolean {
  return /\) += \d+(?:<.*>(?:\(deleted\))?)?$/.test(text);
}

const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
const described = String.raw`(?:AT_FDCWD|\d+)<((?:[^>\\]|\\.)*)>`;

function executed(text: string): Read {
  const [, plain] = new RegExp(String.raw`^(?:execve|uselib)\(${quoted}`).exec(text) ?? [];
  const [, folder = '', below = ''] = new RegExp(String.raw`^execveat\(${described}, ${quoted}`).exec(text) ?? [];
  const asked = plain ?? (below.startsWith('/') ? below : below === '' ? folder : `${folder}/${below}`);
  if (asked === '') throw new Error(`not understood: ${text}`);
  return { path: unescaped(asked), asked: unescaped(asked), by: 'execute' };
}

function opened(text: string): Read {
  const [, path] = / += \d+<((?:[^>\\]|\\.)*)>(?:\(deleted\))?$/.exec(text) ?? [];
  const [, plain] = new RegExp(String.raw`^(?:open|creat)\(${quoted}`).exec(text) ?? [];
  const [, folder = '', below] = new RegExp(String.raw`^openat2?\(${described}, ${quoted}`).exec(text) ?? [];
  const asked = plain ?? (below?.startsWith('/') === true || below === undefined ? below : `${folder}/${below}`);
  if (path === undefined || asked === undefined) throw new Error(`not understood: ${text}`);
  return { path: unescaped(path), asked: unescaped(asked), by: 'open' };
}

/** A relative path counts from a folder that is not known: such a name is nobody's. */
function madeBy(name: string, text: string, created: Set<string>): void {
  const place = new RegExp(String.raw`(?:${described}, )?${quoted}`, 'g');
  const paths = [...text.matchAll(place)].map(([, folder, path = '']) =>
    unescaped(path.startsWith('/') || folder === undefined ? path : `${folder}/${path}`),
  );
  const [from = '', to = from] = paths;
  if (name.startsWith('mkdir')) created.add(from);
  else if (name.startsWith('symlink')) created.add(to);
  else if (created.has(from)) created.add(to); // what is moved or linked is no more one's own than it was
}

/** What stands after the path. */
function flagsOf(text: string): string {
  return text.replace(new RegExp(`^\\w+\\((?:${described}, )?${quoted}`), '').replace(/ += \d+<.*$/, '');
}

/** `\303\251` and `\n` as C writes them. */
function unescaped(text: string): string {
  const named: Record<string, number> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8 };
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const plain = bytes.replaceAll(
    /\\(?:([0-7]{1,3})|x([0-9a-f]{2})|(.))/g,
    (_, octal?: string, hex?: string, letter = '') => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return letter in named ? String.fromCharCode(named[letter] ?? 0) : (letter as string);
    },
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}
