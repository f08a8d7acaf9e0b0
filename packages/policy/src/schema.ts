import { actions } from './request.ts';
import type { RecordShape, Shape, Vocabulary } from './vocabulary.ts';

/** The namespace of every type and action in a policy: `Holdfast::Action::"deploy"`. */
export const namespace = 'Holdfast';

/**
 * The Cedar schema of a vocabulary, as text: the same vocabulary always gives the same bytes, so that its SHA-256 can
 * be recorded with a decision.
 *
 * Source: Cedar schema grammar, https://docs.cedarpolicy.com/schema/human-readable-schema-grammar.html
 */
export function schemaText(words: Vocabulary): string {
  const person = recordText(words.principal, '  ');
  return [
    `namespace ${namespace} {`,
    `  entity Key = ${person};`,
    `  entity Person = ${person};`,
    `  entity Artifact = ${recordText(words.resource, '  ')};`,
    `  action ${actions.map((action) => JSON.stringify(action)).join(', ')} appliesTo {`,
    '    principal: [Key, Person],',
    '    resource: [Artifact],',
    `    context: ${recordText(words.context, '    ')}`,
    '  };',
    '}',
    '',
  ].join('\n');
}

function recordText(shape: RecordShape, indent: string): string {
  if (shape.attributes.size === 0) return '{}';
  const inner = `${indent}  `;
  const lines = [...shape.attributes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, { shape: child, optional }]) =>
        `${inner}${quoted(name)}${optional ? '?' : ''}: ${typeText(child, inner)}`,
    );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function typeText(shape: Shape, indent: string): string {
  return shape.kind === 'record' ? recordText(shape, indent) : shape.type;
}

/** A Cedar string literal: JSON's escapes `\uXXXX` are `\u{XXXX}` there. */
export function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\u([0-9a-f]{4})/g, '\\u{$1}')
    .replace(/\\[bf]/g, (escape) => (escape === '\\b' ? '\\u{8}' : '\\u{c}'));
}
