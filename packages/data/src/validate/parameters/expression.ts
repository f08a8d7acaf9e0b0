import { type Arguments, binary, called, jsonOf, negative, type Operand, operandOf, refuse } from './evaluate.ts';

const longest = 1000;
const deepest = 50;
const token = /\s*(?:((?:\d+|\.\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?)|([a-zA-Z][a-zA-Z0-9_$]*)|([-+*/^(),=]))/y;

/**
 * What an expression in `$PARAMETER` comes to, in the small language of GX: `+ - * / ^` with brackets on numbers, times and
 * the names of parameters; `PI`, `E`; `sin`, `cos`, `tan`, `exp`, `abs`, `trunc`, `round`, `sgn`; `now()`, `datetime(…)`,
 * `timedelta(days=1)`. A name alone is its parameter, whatever that is.
 *
 * @throws DataError HF_DATA_SUITE
 */
export function parameterValue(expression: string, parameters: Readonly<Record<string, unknown>>): unknown {
  if (expression.length > longest) refuse(`it has more than ${longest} characters`);
  const tokens = tokensOf(expression);
  const [only] = tokens;
  if (tokens.length === 1 && only !== undefined) {
    if (Object.hasOwn(parameters, only)) return parameters[only];
    return refuse(`nothing says what \`${only}\` stands for`);
  }
  return jsonOf(new Expression(tokens, parameters).whole());
}

function tokensOf(expression: string): string[] {
  const found: string[] = [];
  let at = 0;
  const end = expression.trimEnd().length;
  while (at < end) {
    token.lastIndex = at;
    const match = token.exec(expression);
    if (match === null) return refuse(`\`${expression.slice(at, at + 20)}\` is no part of an expression`);
    found.push(match[0].trim());
    at = token.lastIndex;
  }
  return found;
}

class Expression {
  readonly #tokens: readonly string[];
  readonly #parameters: Readonly<Record<string, unknown>>;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[], parameters: Readonly<Record<string, unknown>>) {
    this.#tokens = tokens;
    this.#parameters = parameters;
  }

  whole(): Operand {
    const value = this.#sum();
    return this.#at === this.#tokens.length ? value : refuse(`\`${this.#tokens[this.#at] ?? ''}\` where it might end`);
  }

  #takes(...texts: readonly string[]): string | undefined {
    const next = this.#tokens[this.#at];
    if (next === undefined || !texts.includes(next)) return undefined;
    this.#at += 1;
    return next;
  }

  #sum(): Operand {
    this.#depth += 1;
    if (this.#depth > deepest) refuse('it is too deep');
    let left = this.#product();
    for (let sign = this.#takes('+', '-'); sign !== undefined; sign = this.#takes('+', '-'))
      left = binary(sign, left, this.#product());
    this.#depth -= 1;
    return left;
  }

  #product(): Operand {
    let left = this.#power();
    for (let sign = this.#takes('*', '/'); sign !== undefined; sign = this.#takes('*', '/'))
      left = binary(sign, left, this.#power());
    return left;
  }

  /** A sign binds tighter than `^`, unlike in Python. */
  #power(): Operand {
    this.#depth += 1;
    if (this.#depth > deepest) refuse('it is too deep');
    const base = this.#signed();
    const found = this.#takes('^') === undefined ? base : binary('^', base, this.#power());
    this.#depth -= 1;
    return found;
  }

  #signed(): Operand {
    let minuses = 0;
    while (this.#takes('-') !== undefined) minuses += 1;
    // GX forgets what signs come after a plus.
    if (this.#takes('+') !== undefined && (minuses > 0 || ['+', '-'].includes(this.#tokens[this.#at] ?? '')))
      refuse('several signs before a value');
    const value = this.#atom();
    return minuses % 2 === 1 ? negative(value) : value;
  }

  #atom(): Operand {
    if (this.#takes('(') !== undefined) {
      const value = this.#sum();
      return this.#takes(')') === undefined ? refuse('`)` is missing') : value;
    }
    const next = this.#tokens[this.#at] ?? refuse('it ends too soon');
    this.#at += 1;
    if (/^[\d.]/.test(next)) return operandOf(next, next);
    if (!/^[a-zA-Z]/.test(next)) return refuse(`\`${next}\` where a value has to be`);
    if (this.#takes('(') !== undefined) return called(next, this.#arguments());
    const constant = { PI: Math.PI, E: Math.E }[next.toUpperCase()];
    const name = constant === undefined ? next : next.toUpperCase();
    if (Object.hasOwn(this.#parameters, name)) return operandOf(name, this.#parameters[name]);
    return constant ?? refuse(`nothing says what \`${next}\` stands for`);
  }

  #arguments(): Arguments {
    const found: [string | undefined, Operand][] = [];
    while (this.#takes(')') === undefined) {
      if (found.length > 0 && this.#takes(',') === undefined) refuse('`)` is missing');
      const name = this.#tokens[this.#at + 1] === '=' ? this.#tokens[this.#at] : undefined;
      if (name !== undefined) {
        this.#at += 2;
        if (Object.hasOwn(this.#parameters, name)) refuse(`\`${name}\` is an argument and a parameter`);
      }
      if (
        found.some(([each]) => (each === undefined) !== (name === undefined) || (each !== undefined && each === name))
      )
        refuse('arguments by name and without, or twice');
      found.push([name, this.#sum()]);
    }
    return found;
  }
}
