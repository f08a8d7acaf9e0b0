/** The rest of the command is left out. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

export interface ShellWord {
  /** Without its quotes; `undefined` when the shell would put something else in its place. */
  readonly text: string | undefined;
  /** Nothing of it is quoted: it may be a reserved word. */
  readonly isPlain: boolean;
}

/** Who is told about the commands of a text. */
export interface ShellListener {
  /** A word where a command is expected. @returns Whether the next word is one, too. */
  command(word: ShellWord): boolean;
  /** A function of this name, which is no program. */
  defined(name: string): void;
}

const maximumDepth = 32;

/** Reads the shell command language as far as it is needed to know which words are commands. Takes linear time. */
export class ShellReader {
  readonly #text: string;
  readonly #listener: ShellListener;
  #at = 0;
  #hasHereDocument = false;

  constructor(text: string, listener: ShellListener) {
    this.#text = text;
    this.#listener = listener;
  }

  /** @throws NotUnderstood; what came before was told. */
  read(): void {
    this.#list(undefined, 0);
  }

  #list(end: ')' | undefined, depth: number): void {
    if (depth > maximumDepth) throw new NotUnderstood();
    const state = { expects: true, isTarget: false };
    for (;;) {
      this.#skipBlanks();
      const character = this.#text[this.#at];
      if (character === undefined || character === ')') {
        if (character !== end) throw new NotUnderstood();
        this.#at += 1;
        return;
      }
      if (/[\n;&|]/.test(character)) this.#separator(state);
      else if (/[<>]/.test(character)) this.#redirection(state);
      else if (character === '(') this.#subshell(state, depth);
      else this.#wordOf(state, depth);
    }
  }

  #skipBlanks(): void {
    this.#take(/(?:[ \t]|\\\n)*/y);
    this.#take(/#[^\n]*/y);
  }

  /** What matches here, which is then passed over. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #separator(state: { expects: boolean; isTarget: boolean }): void {
    const operator = this.#take(/\n|;+|[&|]+/y);
    if (!['\n', ';', '&', '&&', '|', '||', '|&'].includes(operator)) throw new NotUnderstood();
    if (operator === '\n' && this.#hasHereDocument) throw new NotUnderstood(); // its lines are no commands
    state.expects = true;
    state.isTarget = false;
  }

  #redirection(state: { isTarget: boolean }): void {
    const operator = this.#take(/[<>]+[&|]?-?/y);
    if (operator.startsWith('<<<') || this.#text[this.#at] === '(') throw new NotUnderstood();
    if (operator.startsWith('<<')) this.#hasHereDocument = true;
    state.isTarget = !operator.endsWith('-') || operator.startsWith('<<');
  }

  #subshell(state: { expects: boolean }, depth: number): void {
    if (!state.expects || this.#text.startsWith('((', this.#at)) throw new NotUnderstood();
    this.#at += 1;
    this.#list(')', depth + 1);
    state.expects = false;
  }

  #wordOf(state: { expects: boolean; isTarget: boolean }, depth: number): void {
    const start = this.#at;
    const word = this.#word(depth);
    if (this.#at === start) throw new NotUnderstood();
    const raw = this.#text.slice(start, this.#at);
    if (/^\d+$/.test(raw) && /[<>]/.test(this.#text[this.#at] ?? '')) return; // a descriptor
    if (state.isTarget) state.isTarget = false;
    else if (state.expects && this.#take(/[ \t]*\([ \t]*\)/y) !== '') this.#listener.defined(word.text ?? '');
    else if (state.expects && !/^[A-Za-z_]\w*=/.test(raw)) state.expects = this.#listener.command(word);
  }

  #word(depth: number): ShellWord {
    let text = '';
    let isKnown = true;
    let isPlain = true;
    for (;;) {
      text += this.#take(/[^ \t\n;&|<>()\\'"$`]*/y);
      const character = this.#text[this.#at];
      if (character === undefined || /[ \t\n;&|<>()]/.test(character))
        return { text: isKnown ? text : undefined, isPlain };
      if (character === '\\') {
        text += this.#take(/\\[^]?/y).slice(1);
        isPlain = false;
      } else if (character === "'") {
        text += this.#closed(/'[^']*'/y).slice(1, -1);
        isPlain = false;
      } else {
        const part = character === '"' ? this.#quoted(depth) : this.#expansion(depth);
        isKnown &&= part !== undefined;
        text += part ?? '';
        isPlain = false;
      }
    }
  }

  #closed(pattern: RegExp): string {
    const found = this.#take(pattern);
    if (found === '') throw new NotUnderstood();
    return found;
  }

  /** `"…"`; `undefined` when there is an expansion in it. */
  #quoted(depth: number): string | undefined {
    let text: string | undefined = '';
    this.#at += 1;
    for (;;) {
      const plain = this.#take(/(?:[^"\\$`]|\\[^])*/y);
      text = text === undefined ? undefined : text + plain.replaceAll(/\\([$`"\\])/g, '$1').replaceAll('\\\n', '');
      const character = this.#text[this.#at];
      if (character === undefined || character === '\\') throw new NotUnderstood();
      if (character === '"') break;
      text = this.#expansion(depth) === undefined ? undefined : text;
    }
    this.#at += 1;
    return text;
  }

  /** Parameter expansion, command substitution; `$` alone is itself. */
  #expansion(depth: number): string | undefined {
    if (this.#text.startsWith('$((', this.#at)) throw new NotUnderstood();
    if (this.#take(/\$\(/y) !== '') this.#list(')', depth + 1);
    else if (this.#text[this.#at] === '`')
      new ShellReader(this.#closed(/`[^`\\]*`/y).slice(1, -1), this.#listener).read();
    else if (this.#text.startsWith('${', this.#at)) this.#closed(/\$\{[^{}"'`$\\]*\}/y);
    else if (this.#take(/\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])/y) === '') this.#at += 1;
    return undefined;
  }
}
