import type { Candidate } from '../src/candidate.ts';
import { confidenceOf } from '../src/confidence.ts';
import type { EntityType } from '../src/entity-type.ts';
import { allTypes } from '../src/entity-types.ts';
import type { Finding } from '../src/finding.ts';
import { fold } from '../src/fold.ts';
import type { Form } from '../src/form.ts';
import { withoutOverlaps } from '../src/overlaps.ts';
import { unspaced } from '../src/script.ts';

const goesOn = `(?!${unspaced})[\\p{L}\\p{N}]`;
const signs: Readonly<Record<string, string>> = { '#': '[0-9]', A: '[A-Za-z]', '*': '[0-9A-Za-z]', '@': '[0-9A-Z]' };

/** The whole of a form as one expression that is tried at every place of a text. */
function expressionOf(form: Form): RegExp {
  if (form.kind === 'pattern') {
    const exact = form.exact.replaceAll(/(\(\?<?!)(\[\\p\{L\}\\p\{N\})/g, `$1(?!${unspaced})$2`);
    return new RegExp(exact, `g${form.flags}`);
  }
  const body = Array.from(form.name, (sign) => signs[sign] ?? `[${sign}]`).join('');
  // In a lookahead, so that one that begins in another is found, too.
  return new RegExp(`(?<!${goesOn}|[0-9][-./])(?=(${body})(?!${goesOn}|[-./][0-9]))`, 'gu');
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function placesOf(form: Form, text: string): Place[] {
  return [...text.matchAll(expressionOf(form))].map((match) => {
    const value = match[1] ?? match[0];
    const end = form.kind === 'layout' ? match.index + value.length : match.index + match[0].length;
    return { start: end - value.length, end };
  });
}

function lowerWords(text: string): { word: string; start: number; end: number }[] {
  return [...text.matchAll(/\p{L}[\p{L}\p{M}\p{N}]*/gu)].flatMap(({ 0: whole, index }) => {
    let start = index;
    return whole.split(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u).map((part) => {
      start += part.length;
      return { word: part.toLowerCase(), start: start - part.length, end: start };
    });
  });
}

/** Whether one of its words stands so that it speaks for a place: by the rules of ADR 19, one after the other. */
function isNamed(type: EntityType, text: string, { start, end }: Place): boolean {
  const low = Math.max(0, start - 200);
  const words = lowerWords(text.slice(low, end + 200)).map((one) => ({
    word: one.word,
    start: one.start + low,
    end: one.end + low,
  }));
  return Object.values(type.context)
    .flat()
    .some((written) =>
      mentionsOf(written, text, low, end + 200, words).some((mention) => speaks(mention, text, { start, end })),
    );
}

function mentionsOf(
  written: string,
  text: string,
  low: number,
  high: number,
  words: readonly (Place & { word: string })[],
): Place[] {
  if (new RegExp(unspaced, 'u').test(written)) {
    const places = Array.from({ length: high - low }, (_, at) => ({ start: low + at, end: low + at + written.length }));
    return places.filter(({ start }) => text.startsWith(written, start));
  }
  const forms = new Set([fold(written), fold(written.toUpperCase())]);
  return [...forms].flatMap((form) => {
    const wanted = lowerWords(form).map(({ word }) => word);
    return words.flatMap(({ start }, at) => {
      const those = words.slice(at, at + wanted.length);
      const isThere = those.length === wanted.length && those.every(({ word }, index) => word === wanted[index]);
      return isThere ? [{ start, end: those.at(-1)?.end ?? start }] : [];
    });
  });
}

function speaks(mention: Place, text: string, { start, end }: Place): boolean {
  if (mention.end <= start) {
    if (mention.start < start - 64) return false;
    const lines = text.slice(mention.end, start).split('\n');
    if (lines.length > 2 || /[\p{L}\p{N}]/u.test(lines[1] ?? '')) return false;
    return !/[\p{L}\p{N}]{4}[.;!?]\s+\p{L}/u.test(text.slice(mention.end, start));
  }
  if (mention.start < end || mention.end > end + 32 || text.slice(end, mention.start).includes('\n')) return false;
  return !/^["'\]]{0,2}[ \t]{0,4}[:=|]/.test(text.slice(mention.end, mention.end + 8));
}

function valueOf(form: Form, text: string): string {
  const isCompact = form.kind === 'layout' || form.compact;
  return isCompact ? text.replaceAll(/[ \-./]/g, '').toUpperCase() : text;
}

function candidatesOf(type: EntityType, rank: number, text: string, minConfidence: number): Candidate[] {
  return type.forms.flatMap((form) =>
    placesOf(form, text).flatMap((place) => {
      if (type.check?.(valueOf(form, text.slice(place.start, place.end))) === false) return [];
      const hasWord = type.decoy !== true && isNamed(type, text, place);
      const confidence = type.decoy === true ? 1 : confidenceOf(type, form.telling, hasWord);
      return confidence < minConfidence ? [] : [{ type, rank, ...place, confidence, why: { form: form.name } }];
    }),
  );
}

/**
 * What is found when every form is tried at every place of a text that needs no folding, one type after the other, and words are
 * looked for by expressions: slow, and too simple to be wrong in the same way.
 */
export function plainFindings(
  text: string,
  minConfidence: number,
): Pick<Finding, 'type' | 'start' | 'end' | 'confidence'>[] {
  const candidates = allTypes.flatMap((type, rank) => candidatesOf(type, rank, text, minConfidence));
  candidates.sort((one, other) => one.start - other.start || other.end - one.end);
  return withoutOverlaps(candidates).map(({ type, start, end, confidence }) => ({
    type: type.name,
    start,
    end,
    confidence,
  }));
}
