/** What a text can begin with: units one after the other, alternatives, a bounded number of times. */
export type Expression =
  | { readonly kind: 'units'; readonly units: ReadonlySet<number> }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly part: Expression; readonly least: number; readonly most: number };

function units(text: Iterable<string>): Expression {
  return { kind: 'units', units: new Set(Array.from(text, (sign) => sign.charCodeAt(0))) };
}

const digits = '0123456789';
const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const letters = capitals + capitals.toLowerCase();
const signs: Readonly<Record<string, string>> = {
  '#': digits,
  A: letters,
  '*': digits + letters,
  '@': digits + capitals,
};

/** A layout: `#` a digit, `A` a letter, `*` either, `@` a digit or a capital letter, every other sign itself. */
export function layoutExpression(layout: string): Expression {
  return { kind: 'sequence', parts: Array.from(layout, (sign) => units(signs[sign] ?? sign)) };
}

/**
 * The part of the syntax of regular expressions that is needed to say how something begins: signs, `\.`, `[a-z]`, `(?:…|…)`,
 * `(?i:…)`, `?`, `{2}` and `{1,3}`.
 * @throws SyntaxError for everything else
 */
export function expressionOf(source: string): Expression {
  const reader = new Reader(source);
  const expression = reader.choice(false);
  reader.expectEnd();
  return expression;
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  expectEnd(): void {
    if (this.#at < this.#source.length) this.#refuse();
  }

  choice(ignoresCase: boolean): Expression {
    const parts = [this.#sequence(ignoresCase)];
    while (this.#takes('|')) parts.push(this.#sequence(ignoresCase));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'choice', parts };
  }

  #sequence(ignoresCase: boolean): Expression {
    const parts: Expression[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) {
      parts.push(this.#repeated(this.#one(ignoresCase)));
    }
    return { kind: 'sequence', parts };
  }

  #repeated(part: Expression): Expression {
    if (this.#takes('?')) return { kind: 'repeat', part, least: 0, most: 1 };
    const [whole, least = '', most = least] = /^\{(\d+)(?:,(\d+))?\}/.exec(this.#source.slice(this.#at)) ?? [];
    if (whole === undefined) return part;
    this.#at += whole.length;
    return { kind: 'repeat', part, least: Number(least), most: Number(most) };
  }

  #one(ignoresCase: boolean): Expression {
    if (this.#takes('(?i:')) return this.#group(true);
    if (this.#takes('(?:')) return this.#group(ignoresCase);
    if (this.#takes('[')) return this.#class(ignoresCase);
    return units(casesOf(this.#sign(/[.*+?^$(){}|\\]/), ignoresCase));
  }

  #group(ignoresCase: boolean): Expression {
    const inner = this.choice(ignoresCase);
    if (!this.#takes(')')) this.#refuse();
    return inner;
  }

  #class(ignoresCase: boolean): Expression {
    let members = '';
    while (!this.#takes(']')) {
      const first = this.#sign(/[\^[\\]/);
      const isRange = this.#source.charAt(this.#at) === '-' && this.#source.charAt(this.#at + 1) !== ']';
      if (isRange) this.#at += 1;
      const last = isRange ? this.#sign(/[\^[\\]/) : first;
      for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) members += String.fromCharCode(code);
    }
    return units(Array.from(members, (member) => casesOf(member, ignoresCase)).join(''));
  }

  /** A sign that stands for itself: one that is no part of the syntax, or one behind a backslash that is. */
  #sign(syntax: RegExp): string {
    const isEscaped = this.#takes('\\');
    const sign = this.#source.charAt(this.#at);
    if (sign === '' || (isEscaped ? /[0-9A-Za-z]/ : syntax).test(sign)) this.#refuse();
    this.#at += 1;
    return sign;
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #refuse(): never {
    throw new SyntaxError(`\`${this.#source}\` cannot be read at ${this.#at}`);
  }
}

function casesOf(sign: string, ignoresCase: boolean): string {
  return ignoresCase ? sign.toLowerCase() + sign.toUpperCase() : sign;
}
