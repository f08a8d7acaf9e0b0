import { PolicyError } from './errors.ts';
import { type AttributePath, type Expression, operands, pathsIn, pathText } from './expression.ts';
import { nearestAttribute } from './nearest.ts';
import type { Leaf, MentionedMetrics, Shape, Vocabulary } from './vocabulary.ts';

/** Names of metrics are free, within reason; `__entity` and `__extn` are Cedar's own (JSON entity format). */
const metricName = /^(?!__)[^\p{Cc}]{1,128}$/u;

/** The metrics that some expression mentions: they become attributes of the schema. */
export function mentionedMetrics(expressions: readonly Expression[], knownChecks: readonly string[]): MentionedMetrics {
  const homes = new Set(
    ['', ...knownChecks.map((name) => `${name}.`)].flatMap((p) => [`${p}metrics`, `${p}metricsAtMost`]),
  );
  const mentioned = new Map<string, Set<string>>();
  for (const { root, names } of expressions.flatMap(pathsIn)) {
    const metric = names.at(-1);
    const home = names.slice(0, -1).join('.');
    if (root !== 'resource' || metric === undefined || !homes.has(home) || !metricName.test(metric)) continue;
    mentioned.set(home, (mentioned.get(home) ?? new Set()).add(metric));
  }
  return mentioned;
}

/**
 * Every attribute exists and is compared only with words that it can have.
 *
 * @throws PolicyError HF_POLICY_UNKNOWN_ATTRIBUTE, HF_POLICY_UNKNOWN_VALUE
 */
export function checkAttributes(expression: Expression, words: Vocabulary, where: string): void {
  for (const path of pathsIn(expression)) {
    if (shapeOf(path, words) === undefined) throw unknownAttribute(path, words, where);
  }
  checkWords(expression, words, where);
}

function unknownAttribute(path: AttributePath, words: Vocabulary, where: string): PolicyError {
  const near = nearestAttribute(path, words);
  const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
  return new PolicyError('HF_POLICY_UNKNOWN_ATTRIBUTE', `nothing ever fills \`${pathText(path)}\`${hint}`, { where });
}

function shapeOf(path: AttributePath, words: Vocabulary): Shape | undefined {
  if (path.root === 'action') return path.names.length === 0 ? { kind: 'leaf', type: 'String' } : undefined;
  let shape: Shape | undefined = words[path.root];
  for (const name of path.names) {
    shape = shape?.kind === 'record' ? shape.attributes.get(name)?.shape : undefined;
  }
  return shape;
}

/** `scan.verdict != "failed"` would always hold: a word that an attribute never has is a mistake, not a demand. */
function checkWords(expression: Expression, words: Vocabulary, where: string): void {
  if (expression.kind === 'operation') {
    const allowed = expression.args.map((arg) => (arg.kind === 'path' ? wordsOf(shapeOf(arg.path, words)) : undefined));
    const list = allowed.find((entry) => entry !== undefined);
    const bad = list === undefined ? undefined : expression.args.flatMap(texts).find((text) => !list.includes(text));
    if (list !== undefined && bad !== undefined) throw unknownValue(expression.args, bad, list, where);
  }
  for (const operand of operands(expression)) checkWords(operand, words, where);
}

const wordsOf = (shape: Shape | undefined): Leaf['words'] => (shape?.kind === 'leaf' ? shape.words : undefined);

/** String literals that stand directly, or as elements of a set. */
function texts(expression: Expression): string[] {
  if (expression.kind === 'literal') return typeof expression.value === 'string' ? [expression.value] : [];
  return expression.kind === 'operation' && expression.op === 'Set' ? expression.args.flatMap(texts) : [];
}

function unknownValue(args: readonly Expression[], bad: string, list: readonly string[], where: string): PolicyError {
  const path = args.find((arg) => arg.kind === 'path');
  const name = path === undefined ? '' : pathText(path.path);
  const message = `\`${name}\` is never \`${bad.slice(0, 64)}\`, only ${list.join(', ')}`;
  return new PolicyError('HF_POLICY_UNKNOWN_VALUE', message, { where });
}
