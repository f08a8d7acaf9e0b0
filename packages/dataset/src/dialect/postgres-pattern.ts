import { DatasetError, shown } from '../errors.ts';

/** Classes that RE2 knows by a letter, for ASCII as there; PostgreSQL's go by the language. */
const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: '\\t\\n\\f\\r ',
};
const plain = new Set(['t', 'n', 'f', 'r', 'v', 'a']);
const named = /^\[:\^?(?:alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit):\]/;

/**
 * A pattern of RE2 as PostgreSQL's advanced regular expressions write it, so that both find the same: `.` and `$` know no line
 * ends, classes are those of ASCII. What has no counterpart is refused, never approximated.
 *
 * @throws DatasetError HF_DATASET_OPTIONS
 */
export function postgresPattern(pattern: string): string {
  let at = 0;
  let written = '';
  while (at < pattern.length) {
    const [piece, length] = pieceAt(pattern, at);
    written += piece;
    at += length;
  }
  return `(?:${written})`;
}

type Piece = readonly [written: string, length: number];

function pieceAt(pattern: string, at: number): Piece {
  const [character = ''] = pattern.slice(at, at + 2);
  if (character === '.') return ['[^\\n]', 1];
  if (character === '\\') return escaped(pattern, at, false);
  if (character === '[') return bracket(pattern, at);
  if (character === '(') return group(pattern, at);
  if (character === '{') return counted(pattern, at);
  if ('*+?'.includes(character)) return repeated(pattern, at);
  if (character === '}' || character === ']') return [`\\${character}`, 1];
  return [character, character.length];
}

function escaped(pattern: string, at: number, isInBrackets: boolean): Piece {
  const letter = pattern[at + 1] ?? refuse(pattern, 'ends within an escape');
  const lower = letter.toLowerCase();
  const inside = Object.hasOwn(classes, lower) ? classes[lower] : undefined;
  if (inside !== undefined) {
    if (!isInBrackets) return [letter === lower ? `[${inside}]` : `[^${inside}]`, 2];
    return letter === lower ? [inside, 2] : refuse(pattern, `has \`\\${letter}\` in brackets`);
  }
  if (plain.has(letter)) return [`\\${letter}`, 2];
  if (letter === 'x') return hexadecimal(pattern, at);
  if (!isInBrackets && (letter === 'b' || letter === 'B')) return [letter === 'b' ? '\\y' : '\\Y', 2];
  if (!isInBrackets && letter === 'A') return ['\\A', 2];
  if (!isInBrackets && letter === 'z') return ['\\Z', 2];
  return /[0-9A-Za-z]/.test(letter) ? refuse(pattern, `has \`\\${letter}\``) : [`\\${letter}`, 2];
}

function hexadecimal(pattern: string, at: number): Piece {
  const [all, short, long] = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(pattern.slice(at, at + 12)) ?? [];
  const point = Number.parseInt(short ?? long ?? '', 16);
  if (all === undefined || !(point > 0 && point <= 0x10_ff_ff)) return refuse(pattern, 'has an odd `\\x`');
  return [`\\U${point.toString(16).padStart(8, '0')}`, all.length];
}

function bracket(pattern: string, from: number): Piece {
  let at = from + 1;
  let written = '[';
  if (pattern[at] === '^') {
    written += '^';
    at += 1;
  }
  for (let isFirst = true; ; isFirst = false) {
    const character = pattern[at] ?? refuse(pattern, 'ends within brackets');
    if (character === ']' && !isFirst) return [`${written}]`, at + 1 - from];
    const [piece, length] = inBrackets(pattern, at, character);
    written += piece;
    at += length;
  }
}

function inBrackets(pattern: string, at: number, character: string): Piece {
  if (character === '\\') return escaped(pattern, at, true);
  if (character !== '[') return [character === ']' ? '\\]' : character, 1];
  const name = named.exec(pattern.slice(at, at + 16))?.[0];
  if (name?.includes('^') === true) return refuse(pattern, `has \`${name}\``);
  return name === undefined ? ['\\[', 1] : [name, name.length];
}

function group(pattern: string, at: number): Piece {
  const rest = pattern.slice(at, at + 80);
  if (!rest.startsWith('(?')) return ['(?:', 1];
  const opening = /^\(\?(?::|P?<[A-Za-z_][0-9A-Za-z_]*>)/.exec(rest)?.[0];
  // flags: letters of other scripts have no case that both engines agree on
  return opening === undefined ? refuse(pattern, 'has flags, or looks around') : ['(?:', opening.length];
}

function counted(pattern: string, at: number): Piece {
  const [all, least, most] = /^\{([0-9]{1,4})(?:,([0-9]{0,4}))?\}/.exec(pattern.slice(at, at + 12)) ?? [];
  if (all === undefined) return ['\\{', 1];
  if (Number(least) > 255 || Number(most ?? 0) > 255) return refuse(pattern, 'counts beyond 255');
  const isLazy = pattern[at + all.length] === '?';
  return [all, all.length + (isLazy ? 1 : 0)];
}

/** Whether much or little is taken makes no difference to whether something matches, and PostgreSQL mixes the two badly. */
function repeated(pattern: string, at: number): Piece {
  return [pattern[at] ?? '', pattern[at + 1] === '?' ? 2 : 1];
}

function refuse(pattern: string, problem: string): never {
  throw new DatasetError(
    'HF_DATASET_OPTIONS',
    `the pattern ${shown(pattern)} ${problem}, which PostgreSQL has no word for`,
  );
}
