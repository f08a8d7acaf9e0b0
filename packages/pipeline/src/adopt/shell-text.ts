/** A word or operator of a shell command (POSIX.1-2017, Shell Command Language, section 2.3). */
export interface ShellToken {
  readonly kind: 'word' | 'operator';
  /** As it is written. */
  readonly text: string;
  /** Without its quotes; `undefined` when the shell would put something else in its place (`$x`, `*`). */
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

export interface ShellText {
  readonly tokens: readonly ShellToken[];
  /** Where a comment begins. */
  readonly comments: readonly { readonly start: number; readonly end: number }[];
}

const operators = ['<<<', '&>>', '<<-', '&&', '||', ';;', '|&', '>>', '<<', '>&', '<&', '<>', '>|', '&>'];
const blank = /[ \t\r]/;

/**
 * Splits a command into words and operators, without running or expanding anything.
 *
 * @returns `undefined` when a quote or a substitution is left open
 */
export function readShell(text: string): ShellText | undefined {
  const tokens: ShellToken[] = [];
  const comments: { start: number; end: number }[] = [];
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    if (blank.test(character)) at += 1;
    else if (text.startsWith('\\\n', at)) at += 2;
    else if (character === '#') {
      const end = lineEnd(text, at);
      comments.push({ start: at, end });
      at = end;
    } else {
      const token = operatorAt(text, at) ?? wordAt(text, at);
      if (token === undefined) return undefined;
      tokens.push(token);
      at = token.end;
    }
  }
  return { tokens, comments };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function operatorAt(text: string, at: number): ShellToken | undefined {
  const redirected = /^[0-9]{1,3}(?=[<>])/.exec(text.slice(at, at + 4))?.[0] ?? '';
  const from = at + redirected.length;
  const found = operators.find((operator) => text.startsWith(operator, from)) ?? text[from] ?? '';
  if (!operators.includes(found) && !/^[|&;<>()\n]$/.test(found)) return undefined;
  const end = from + found.length;
  return { kind: 'operator', text: text.slice(at, end), value: undefined, start: at, end };
}

/** A word up to the next blank or operator; quotes, `$(…)`, `${…}` and backticks are passed over as a whole. */
function wordAt(text: string, start: number): ShellToken | undefined {
  let value = '';
  let isLiteral = true;
  let at = start;
  while (at < text.length && !/[ \t\r\n|&;<>()]/.test(text[at] ?? '')) {
    const piece = pieceAt(text, at);
    if (piece === undefined) return undefined;
    value += piece.value ?? '';
    if (piece.value === undefined) isLiteral = false;
    at = piece.end;
  }
  return { kind: 'word', text: text.slice(start, at), value: isLiteral ? value : undefined, start, end: at };
}

interface Piece {
  readonly value: string | undefined;
  readonly end: number;
}

function pieceAt(text: string, at: number): Piece | undefined {
  const character = text[at] ?? '';
  if (character === '\\' && at + 1 === text.length) return undefined;
  if (character === '\\') return { value: text[at + 1] === '\n' ? '' : (text[at + 1] ?? ''), end: at + 2 };
  if (character === "'") {
    const end = text.indexOf("'", at + 1);
    return end === -1 ? undefined : { value: text.slice(at + 1, end), end: end + 1 };
  }
  if (character === '"') return doubleQuoted(text, at);
  if (character === '`' || character === '$') return expansionAt(text, at);
  return { value: /[*?[~]/.test(character) ? undefined : character, end: at + 1 };
}

function doubleQuoted(text: string, start: number): Piece | undefined {
  let value: string | undefined = '';
  for (let at = start + 1; at < text.length; ) {
    const character = text[at] ?? '';
    if (character === '"') return { value, end: at + 1 };
    if (character === '`' || character === '$') {
      const piece = expansionAt(text, at);
      if (piece === undefined) return undefined;
      value = piece.value === undefined || value === undefined ? undefined : value + piece.value;
      at = piece.end;
    } else {
      const isEscape = character === '\\' && /["$`\\\n]/.test(text[at + 1] ?? '');
      if (value !== undefined) value += isEscape ? (text[at + 1] ?? '') : character;
      at += isEscape ? 2 : 1;
    }
  }
  return undefined;
}

const brackets: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** `$name`, `${…}`, `$(…)` or backticks; a lone `$` stands for itself. */
function expansionAt(text: string, start: number): Piece | undefined {
  if (text[start] === '`') {
    const end = text.indexOf('`', start + 1);
    return end === -1 ? undefined : { value: undefined, end: end + 1 };
  }
  const open = text[start + 1] ?? '';
  if (brackets[open] === undefined) {
    const name = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])/.exec(text.slice(start + 1, start + 256))?.[0];
    return name === undefined ? { value: '$', end: start + 1 } : { value: undefined, end: start + 1 + name.length };
  }
  const end = closing(text, start + 1);
  return end === undefined ? undefined : { value: undefined, end };
}

/** Behind the bracket that closes the one at `start`; quotes inside are passed over. */
function closing(text: string, start: number): number | undefined {
  const open: string[] = [];
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    const close = brackets[character];
    if (close !== undefined) open.push(close);
    else if (character === open.at(-1)) {
      open.pop();
      if (open.length === 0) return at + 1;
    } else if (character === '\\') at += 1;
    else if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1);
      if (end === -1) return undefined;
      at = end;
    }
  }
  return undefined;
}
