import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import { ExpressionParser } from './expressions.ts';
import { tokenise } from './lexer.ts';
import type { Expression, Statement } from './syntax.ts';
import { TokenStream } from './token-stream.ts';

const maximumDepth = 100;

/**
 * Parses a template as Jinja 3.1 does with what transformers adds for chat templates: `break`, `continue`, `generation`.
 * Nothing is evaluated.
 *
 * @throws NotUnderstood for what Jinja would refuse, and beyond 100 levels
 */
export function parseTemplate(template: string): readonly Statement[] {
  return new StatementParser(new TokenStream(tokenise(template), maximumDepth)).template();
}

type Parts = Partial<Pick<Statement, 'targets' | 'expressions' | 'body' | 'name'>>;

class StatementParser {
  readonly #tokens: TokenStream;
  readonly #expressions: ExpressionParser;

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
    this.#expressions = new ExpressionParser(tokens);
  }

  template(): readonly Statement[] {
    return this.#body([]);
  }

  /** Statements up to one of the tags, which becomes the current token. */
  #body(ends: readonly string[]): readonly Statement[] {
    const tokens = this.#tokens;
    const body: Statement[] = [];
    while (!tokens.is('end')) {
      const { type, at } = tokens.take();
      if (type === '{{') {
        body.push(statement('output', '{{', at, { expressions: [this.#expressions.tuple()] }));
        tokens.expect('}}');
      } else if (type === '{%') {
        if (tokens.isName(...ends)) return body;
        body.push(tokens.nested(() => this.#statement()));
        tokens.expect('%}');
      }
    }
    if (ends.length > 0) throw tokens.unexpected(`\`${ends.at(-1) ?? ''}\` is expected`);
    return body;
  }

  /** The rest of a tag, what follows, and the tag that ends it: its name is taken. @returns it and the body */
  #until(...ends: readonly string[]): { readonly body: readonly Statement[]; readonly tag: string } {
    this.#tokens.skip(':');
    this.#tokens.expect('%}');
    const body = this.#body(ends);
    return { body, tag: this.#tokens.take().value };
  }

  #statement(): Statement {
    const { type, value: tag, at } = this.#tokens.current;
    if (type !== 'name') throw this.#tokens.unexpected('a tag is expected');
    this.#tokens.take();
    switch (tag) {
      case 'for':
        return this.#for(at);
      case 'if':
        return this.#if(at);
      case 'set':
        return this.#set(at);
      case 'macro':
        return this.#macro(at);
      case 'extends':
      case 'include':
      case 'import':
      case 'from':
        return this.#load(tag, at);
      default:
        return statement('other', tag, at, this.#other(tag, at));
    }
  }

  #other(tag: string, at: number): Parts {
    switch (tag) {
      case 'call':
        return this.#call(at);
      case 'filter': {
        let filter = this.#expressions.filter(undefined, false);
        while (this.#tokens.is('|')) filter = this.#expressions.filter(filter);
        return { expressions: [filter], ...this.#until('endfilter') };
      }
      case 'with':
        return this.#with();
      case 'autoescape':
        return { expressions: [this.#expressions.expression()], ...this.#until('endautoescape') };
      case 'block':
        return this.#block();
      case 'print':
        return this.#print();
      case 'generation':
        return this.#until('endgeneration');
      case 'break':
      case 'continue':
        return {};
      default:
        throw new NotUnderstood(`not a template: the tag ${shown(tag, 20)} is unknown`, at);
    }
  }

  #for(at: number): Statement {
    const tokens = this.#tokens;
    const target = this.#target('in');
    tokens.expectName('in');
    const expressions = [this.#expressions.tuple({ conditional: false, until: 'recursive' })];
    if (tokens.skipName('if')) expressions.push(this.#expressions.expression());
    tokens.skipName('recursive');
    const { body, tag } = this.#until('endfor', 'else');
    const otherwise = tag === 'else' ? this.#until('endfor').body : [];
    return statement('for', 'for', at, { targets: [target], expressions, body: [...body, ...otherwise] });
  }

  #if(at: number): Statement {
    const expressions: Expression[] = [];
    const body: Statement[] = [];
    for (let tag = 'elif'; tag !== 'endif'; ) {
      if (tag === 'elif') expressions.push(this.#expressions.tuple({ conditional: false }));
      const branch = tag === 'else' ? this.#until('endif') : this.#until('elif', 'else', 'endif');
      body.push(...branch.body);
      ({ tag } = branch);
    }
    return statement('other', 'if', at, { expressions, body });
  }

  #set(at: number): Statement {
    const targets = [this.#target()];
    if (this.#tokens.skip('=')) {
      return statement('set', 'set', at, { targets, expressions: [this.#expressions.tuple()] });
    }
    let filter: Expression | undefined;
    while (this.#tokens.is('|')) filter = this.#expressions.filter(filter);
    const { body } = this.#until('endset');
    return statement('set', 'set', at, { targets, expressions: filter === undefined ? [] : [filter], body });
  }

  /** Names, tuples of them, `namespace.attribute`. */
  #target(until?: string): Expression {
    const namespaces = until === undefined;
    const how = until === undefined ? {} : { until };
    const target = this.#expressions.items(() => this.#expressions.primary(namespaces), how);
    this.#requireTarget(target, namespaces);
    return target;
  }

  #requireTarget(target: Expression, namespaces: boolean): void {
    if (target.kind === 'name') return;
    if (target.kind === 'attribute' && namespaces && target.of.kind === 'name' && target.of.at === target.at) return;
    if (target.kind !== 'tuple') throw new NotUnderstood('not a template: nothing can be assigned to this', target.at);
    for (const item of target.items) this.#requireTarget(item, namespaces);
  }

  #nameTarget(): Expression {
    const { value: name, at } = this.#tokens.expect('name');
    if (/^(?:true|false|none|True|False|None)$/.test(name)) {
      throw new NotUnderstood('not a template: nothing can be assigned to this', at);
    }
    return { kind: 'name', name, at };
  }

  #macro(at: number): Statement {
    const name = this.#nameTarget();
    const { targets, expressions } = this.#signature();
    const { body } = this.#until('endmacro');
    return statement('macro', name.kind === 'name' ? name.name : '', at, { targets, expressions, body });
  }

  #signature(): { readonly targets: readonly Expression[]; readonly expressions: readonly Expression[] } {
    const tokens = this.#tokens;
    const targets: Expression[] = [];
    const defaults: Expression[] = [];
    tokens.expect('(');
    while (!tokens.is(')')) {
      if (targets.length > 0) tokens.expect(',');
      tokens.chain(targets.length);
      targets.push(this.#nameTarget());
      if (tokens.skip('=')) defaults.push(this.#expressions.expression());
      else if (defaults.length > 0) throw tokens.unexpected('a default is expected');
    }
    tokens.take();
    return { targets, expressions: defaults };
  }

  #call(at: number): Parts {
    const { targets, expressions } = this.#tokens.is('(') ? this.#signature() : { targets: [], expressions: [] };
    const call = this.#expressions.expression();
    if (call.kind !== 'call') throw new NotUnderstood('not a template: a call is expected', at);
    return { targets, expressions: [...expressions, call], ...this.#until('endcall') };
  }

  #with(): Parts {
    const tokens = this.#tokens;
    const targets: Expression[] = [];
    const expressions: Expression[] = [];
    while (!tokens.is('%}')) {
      if (targets.length > 0) tokens.expect(',');
      targets.push(this.#target('='));
      tokens.expect('=');
      expressions.push(this.#expressions.expression());
    }
    return { targets, expressions, ...this.#until('endwith') };
  }

  #block(): Parts {
    const { value: name } = this.#tokens.expect('name');
    this.#tokens.skipName('scoped');
    this.#tokens.skipName('required');
    const parts = this.#until('endblock');
    this.#tokens.skipName(name);
    return parts;
  }

  #print(): Parts {
    const expressions: Expression[] = [];
    while (!this.#tokens.is('%}')) {
      if (expressions.length > 0) this.#tokens.expect(',');
      expressions.push(this.#expressions.expression());
    }
    return { expressions };
  }

  /** What it would load is never looked for: the rest of the tag is passed over. */
  #load(tag: string, at: number): Statement {
    const template = this.#expressions.expression();
    while (!this.#tokens.is('%}', 'end')) this.#tokens.take();
    return statement('load', tag, at, { expressions: [template] });
  }
}

function statement(kind: Statement['kind'], name: string, at: number, parts: Parts): Statement {
  const { targets = [], expressions = [], body = [] } = parts;
  return { kind, name, at, targets, expressions, body };
}
