import { type ByteSource, NotUnderstood } from './bytes/source.ts';
import { shown } from './finding.ts';
import type { Format } from './format.ts';
import { formats } from './formats/index.ts';
import { leaveByName } from './formats/known/format.ts';
import type { Inspection } from './inspection.ts';
import { tryPickle } from './pickle/trial.ts';
import { general } from './rules.ts';

/** Recognises a part by its bytes, never by its name, and scans it as everything that it is. */
export async function recognise(part: Inspection): Promise<void> {
  const found = withPickle(part.source, formatsOf(part.source));
  const [first] = found;
  if (first === undefined) {
    leaveByName(part);
    return;
  }
  part.format = first.name;
  if (found.length > 1) {
    const titles = found.map(({ title }) => title).join(' and ');
    part.report(general.polyglot, { message: `it reads as ${titles}: programs will not agree on what it is` });
  }
  reportMismatch(part, found);
  for (const format of found) await part.attempt(await format.load());
}

/**
 * A pickle has no signature, and its opcodes fit into what opens many formats: a name in a tar, a number in a protobuf
 * message, the length of a header. Bytes that unpickling would run are a pickle, whatever else they are for certain.
 */
function withPickle(source: ByteSource, found: readonly Format[]): readonly Format[] {
  if (found.length === 0 || found.some(({ name }) => name === 'pickle' || name === 'pytorch-legacy')) return found;
  const { named, acts, cut } = tryPickle(source);
  return cut || (named && acts) ? [...found, ...formats.filter(({ name }) => name === 'pickle')] : found;
}

/** Every format that the bytes are of: those that are certain, else the first that is possible. */
export function formatsOf(source: ByteSource, among: readonly Format[] = formats): readonly Format[] {
  const certain: Format[] = [];
  let possible: Format | undefined;
  for (const format of among) {
    const answer = answerOf(format, source);
    if (answer === 'certain') certain.push(format);
    else if (answer === 'possible') possible ??= format;
  }
  return certain.length > 0 || possible === undefined ? certain : [possible];
}

function answerOf(format: Format, source: ByteSource): ReturnType<Format['recognise']> {
  try {
    return format.recognise(source);
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}

/** A name that promises another format: a loader that goes by names would take it for something else. */
function reportMismatch(part: Inspection, found: readonly Format[]): void {
  const extension = /\.([a-z0-9]+)$/i.exec(part.name)?.[1]?.toLowerCase();
  const promised = formats.filter(({ extensions }) => extension !== undefined && extensions.includes(extension));
  if (promised.length === 0 || promised.some((format) => found.includes(format))) return;
  const rule = found.some(({ carriesCode }) => carriesCode) ? general.disguised : general.misnamed;
  const { title } = found[0] ?? { title: 'something else' };
  part.report(rule, { message: `named ${shown(part.name)}, it is ${title}`, within: 'file name' });
}
