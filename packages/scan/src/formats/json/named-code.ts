import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { huggingFaceRules, jsonRules } from './rules.ts';

interface Place {
  readonly at: number;
  readonly key: string;
}

/**
 * `modeling_x.XModel`: a class of a Python file beside the configuration; `owner/repository--modeling_x.XModel`: of
 * another repository (transformers, `get_class_from_dynamic_module`).
 */
export function reportNamedCode(
  part: Inspection,
  text: string,
  { at, by, key }: Place & { readonly by: string },
): void {
  const about = { at, within: `${by}.${key}`, when: 'when it is loaded with trust_remote_code' };
  const trail = [{ at, operation: by, text: `${key}: ${text}` }];
  if (text.includes('--')) {
    const message = `${shown(by)} names ${shown(text)}: code of another repository`;
    part.report(huggingFaceRules.remoteCode, { ...about, message, trail });
    return;
  }
  const module = text.split('.').slice(0, -1).join('/');
  part.report(huggingFaceRules.autoMap, {
    ...about,
    message: `${shown(by)} names ${shown(text)}: Python beside it`,
    trail,
  });
  part.beside.push({ path: `${module === '' ? text : module}.py`, as: 'code', by });
}

/** Modules of Python's standard library that run code, programs or files, or import and read what does. */
const interpreter = new RegExp(
  `^(?:${[
    ...['builtins', '__builtin__', 'os', 'posix', 'nt', 'subprocess', 'sys', 'importlib', 'runpy', 'code', 'codeop'],
    ...['pty', 'socket', 'shutil', 'ctypes', 'pickle', 'marshal', 'shelve', 'multiprocessing', 'asyncio', 'webbrowser'],
    ...[
      'urllib',
      'http',
      'ftplib',
      'smtplib',
      'pathlib',
      'io',
      'tempfile',
      'pdb',
      'timeit',
      'cProfile',
      'profile',
      'types',
    ],
  ].join('|')})(?:\\.|$)`,
);

/** A dotted name that a loader imports: Hydra's `_target_`, a module of sentence-transformers, a parent library. */
export function reportTarget(
  part: Inspection,
  text: string,
  { at, key, known }: Place & { readonly known?: RegExp },
): void {
  if (known?.test(text) === true || part.scan.allow.callables.has(text)) return;
  const rule = interpreter.test(text) ? jsonRules.interpreter : jsonRules.target;
  const message = `${shown(key)} names ${shown(text)}, which its loader imports and calls`;
  part.report(rule, { message, at, within: key, trail: [{ at, operation: key, text }] });
}
