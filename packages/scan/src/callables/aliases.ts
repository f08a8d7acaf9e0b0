import { python2Names, stdlibAliases, stdlibModules } from './generated/stdlib-aliases.ts';
import type { Reference } from './judge.ts';

/** The C modules behind the standard library, and what another operating system calls the same. */
const faces = new Map<string, string>(
  Object.entries({
    posix: 'os',
    nt: 'os',
    _io: 'io',
    _pyio: 'io',
    _pickle: 'pickle',
    _socket: 'socket',
    _operator: 'operator',
    _functools: 'functools',
    _collections: 'collections',
    _datetime: 'datetime',
    _decimal: 'decimal',
    _pydecimal: 'decimal',
    _thread: 'threading',
    _signal: 'signal',
    _ctypes: 'ctypes',
    _sqlite3: 'sqlite3',
    _ssl: 'ssl',
    _multiprocessing: 'multiprocessing',
    _asyncio: 'asyncio',
    _bz2: 'bz2',
    _lzma: 'lzma',
    _csv: 'csv',
    _ast: 'ast',
    _weakref: 'weakref',
    _random: 'random',
    _frozen_importlib: 'importlib',
    _frozen_importlib_external: 'importlib',
    _imp: 'importlib',
    _posixsubprocess: 'subprocess',
    _pydatetime: 'datetime',
  }),
);

/** Longer chains of aliases are a loop, or nobody's honest work. */
const longestChain = 16;

/** Where the home that CPython gives is not the name that people know. */
const betterKnown: Readonly<Record<string, string>> = { 'io.open': 'builtins.open' };

const top = new Set(stdlibModules.trim().split('\n'));
const modules = new Set<string>(top);
const aliases = new Map<string, string>(Object.entries(betterKnown));
for (const line of stdlibAliases.trim().split('\n')) {
  const [module = '', ...pairs] = line.split(' ');
  modules.add(module);
  for (const pair of pairs) {
    const [name = '', home = ''] = pair.split('=');
    const source = faced(`${module}.${name}`);
    const target = faced(home.replace(':', '.'));
    if (target !== source && module !== 'builtins') aliases.set(source, target);
    if (!home.includes(':')) modules.add(target);
  }
}
const python2 = new Map<string, string>();
for (const line of python2Names.trim().split('\n')) {
  const [old = '', now = ''] = line.split(' ');
  python2.set(old.replace(':', '.'), now.replace(':', '.'));
}

function faced(full: string): string {
  const dot = full.indexOf('.');
  const face = faces.get(dot < 0 ? full : full.slice(0, dot));
  if (face === undefined) return full;
  return dot < 0 ? face : face + full.slice(dot);
}

/** `module.name`, or `module` for the module itself. */
export function fullName({ module, name }: Reference): string {
  return name === '' ? module : `${module}.${name}`;
}

/** Whether it is a top-level module of the standard library. */
export function isStandardLibrary(module: string): boolean {
  return top.has(module) || python2.has(module);
}

/**
 * What a reference means once Python 2 names, modules under other modules and names of other modules are followed:
 * `random._os.system`, `posix.system` and `os.system` are one. Nothing is imported.
 */
export function canonical(reference: Reference): Reference {
  let full = fullName(reference);
  for (let step = 0; step < longestChain; step += 1) {
    const next = follow(full);
    if (next === full) break;
    full = next;
  }
  return split(full, reference);
}

/** One alias further: Python 2 names by the longest prefix that is one, others by the shortest. */
function follow(full: string): string {
  const parts = full.split('.');
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('.'));
  const old = prefixes.findLast((prefix) => python2.has(prefix));
  if (old !== undefined) return (python2.get(old) ?? old) + full.slice(old.length);
  const alias = prefixes.find((prefix) => aliases.has(prefix));
  if (alias !== undefined) return (aliases.get(alias) ?? alias) + full.slice(alias.length);
  return faced(full);
}

/** Where the module ends: at the longest prefix that is one, else where the reference had it. */
function split(full: string, { module }: Reference): Reference {
  if (!isStandardLibrary(full.split('.')[0] ?? '') && full.startsWith(module)) {
    return { module, name: full.slice(module.length + 1) };
  }
  const parts = full.split('.');
  for (let length = parts.length; length > 1; length -= 1) {
    const prefix = parts.slice(0, length).join('.');
    if (modules.has(prefix)) return { module: prefix, name: parts.slice(length).join('.') };
  }
  return { module: parts[0] ?? '', name: parts.slice(1).join('.') };
}
