import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { DataError } from '../../errors.ts';

// A key that `? ` begins may hold another: the parser takes time in the third power of how deep they are. Nobody needs one here.
const explicitKey = /(?:^|[\s[{,])\?(?=\s)/gm;
const mostExplicit = 8;

/**
 * What YAML 1.2 (or JSON) says, without aliases and names that stand twice. No message holds any of it.
 *
 * @param largest UTF-16 code units
 * @throws DataError HF_DATA_MASK_PLAN
 */
export function boundedYaml(text: string, largest: number, what: string): unknown {
  const refuse = (why: string): never => {
    throw new DataError('HF_DATA_MASK_PLAN', `${what} ${why}`);
  };
  if (text.length > largest) return refuse(`has more than ${largest} characters`);
  if ((text.match(explicitKey) ?? []).length > mostExplicit) return refuse('has names that begin with `? `');
  const lines = new LineCounter();
  const document = parsed(text, lines) ?? refuse('is no YAML');
  const [wrong] = document.errors;
  if (wrong !== undefined) return refuse(`is no YAML from line ${lines.linePos(wrong.pos[0]).line} on`);
  try {
    if (namesTwice(document)) return refuse('says something twice');
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    return refuse('refers to a part of itself');
  }
}

function parsed(text: string, lineCounter: LineCounter): Document | undefined {
  try {
    // names that stand twice are looked for below: the parser holds each against each
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, stringKeys: true });
  } catch {
    // of a text that nests deeper than the stack is
    return undefined;
  }
}

function namesTwice(document: Document): boolean {
  let isTwice = false;
  visit(document, {
    Map: (_, { items }) => {
      const names = items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
      if (new Set(names).size < names.length) isTwice = true;
      return isTwice ? visit.BREAK : undefined;
    },
  });
  return isTwice;
}
