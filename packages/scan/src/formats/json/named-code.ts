import type { Effect } from '../../callables/judge.ts';
import { judgeFor } from '../../callables/judge-for.ts';
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

/** What no model is made by; that a call changes a setting or takes memory is not for a name to tell. */
const reaching: ReadonlySet<Effect> = new Set(['code', 'process', 'file', 'network', 'import', 'deserialise']);

/** What a dotted name reaches, wherever its module ends: loaders import the longest part that is one. */
function reachOf(part: Inspection, text: string): { readonly does: string } | undefined {
  const judge = judgeFor(part.scan.allow);
  const names = text.split('.').slice(0, mostNames);
  for (let end = names.length; end > 0; end -= 1) {
    const judgement = judge.reference({ module: names.slice(0, end).join('.'), name: names.slice(end).join('.') });
    if (judgement.verdict === 'fail' && reaching.has(judgement.effect)) return judgement;
  }
  return undefined;
}

/** No name of Python has more parts. */
const mostNames = 20;

/** A dotted name that a loader imports: Hydra's `_target_`, a module of sentence-transformers, a parent library. */
export function reportTarget(
  part: Inspection,
  text: string,
  { at, key, known }: Place & { readonly known?: RegExp },
): void {
  if (known?.test(text) === true || part.scan.allow.callables.has(text)) return;
  const reached = reachOf(part, text);
  const rule = reached === undefined ? jsonRules.target : jsonRules.interpreter;
  const does = reached === undefined ? '' : `: it ${reached.does}`;
  const message = `${shown(key)} names ${shown(text)}, which its loader imports and calls${does}`;
  part.report(rule, { message, at, within: key, trail: [{ at, operation: key, text }] });
}
