import { createHash } from 'node:crypto';
import { canonicalJson } from '@holdfast/evidence/canonical-json';
import { checkAttributes, mentionedMetrics } from './attributes.ts';
import { builtInName, builtInPolicies } from './built-in.cedar.ts';
import { type PolicyJson, type Prepared, validationProblems } from './cedar.ts';
import { PolicyError } from './errors.ts';
import { pathsIn, readExpression } from './expression.ts';
import { checkFailsClosed, type ReadClause } from './fails-open.ts';
import { type ParsedPolicy, type PolicyFile, parsePolicies, textBounds } from './policy-text.ts';
import { schemaText } from './schema.ts';
import { partRead, type Vocabulary, vocabulary } from './vocabulary.ts';

/** One policy that passed the loader. */
export interface Rule {
  /** Its `@id`, which is also its id in Cedar's diagnostics. */
  readonly id: string;
  /** File and line. */
  readonly where: string;
  readonly effect: 'permit' | 'forbid';
  /** `@why`: what to say when it denies; `{artifact}`, `{action}`, `{environment}` are filled in. */
  readonly why?: string;
  /** `@fix`: the command that would help; `{artifact}` is filled in. */
  readonly fix?: string;
  /** The policy as it stands in its file. */
  readonly text: string;
  readonly json: PolicyJson;
  readonly clauses: readonly ReadClause[];
}

/** Policies that are ready to decide; immutable, and cheap to keep. */
export interface LoadedPolicy {
  /** In file order, the built-in ones last. */
  readonly rules: readonly Rule[];
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** What the schema was made for; needed with the texts to load the same policy again. */
  readonly knownChecks: readonly string[];
  /** Everything that policies could read. */
  readonly vocabulary: Vocabulary;
  /** What these policies do read: schema and entities hold no more. */
  readonly read: Vocabulary;
  readonly schema: string;
  /** SHA-256 (lower-case hex) over the canonical JSON list of all texts, in order, the built-in ones last. */
  readonly policyDigest: string;
  /** SHA-256 (lower-case hex) of `schema`. */
  readonly schemaDigest: string;
  readonly prepared: Prepared;
}

export interface PolicySource {
  readonly texts: readonly PolicyFile[];
  /** Full names of the checks that can give evidence: `scan`, `trial.robustness`. */
  readonly knownChecks: readonly string[];
}

/**
 * Loads Cedar policies so that missing evidence can never become an allow.
 *
 * In order: bounds, syntax, ids, known attributes, the fail-closed rule, strict validation (a warning is an error).
 * The built-in policies `withdrawn`, `planted` and `evidence-verifies` are always appended.
 *
 * @throws PolicyError any `HF_POLICY_…` code except those of test cases and of the default policy.
 * @example
 * ```ts
 * import { loadPolicy } from '@holdfast/policy/load-policy';
 * const text = '@id("ask") permit (principal, action, resource);';
 * const policy = loadPolicy({ texts: [{ name: 'production.cedar', text }], knownChecks: ['scan'] });
 * console.assert(policy.rules.length === 3); // with the two that are built in
 * ```
 */
export function loadPolicy({ texts, knownChecks }: PolicySource): LoadedPolicy {
  if (texts.length > textBounds.files) {
    throw new PolicyError('HF_POLICY_TOO_BIG', `\`${texts.length}\` policy files are more than ${textBounds.files}`);
  }
  const own = texts.flatMap(parsePolicies);
  if (own.length === 0) throw new PolicyError('HF_POLICY_EMPTY', 'the policy files hold no policy');
  const rules = [...own, ...parsePolicies({ name: builtInName, text: builtInPolicies })].map(readRule);
  checkIds(rules);
  const expressions = rules.flatMap(({ clauses }) => clauses.map(({ expression }) => expression));
  const words = vocabulary(knownChecks, mentionedMetrics(expressions, knownChecks));
  checkRules(rules, words);
  return loaded(rules, words, { texts, knownChecks });
}

function readRule(parsed: ParsedPolicy): Rule {
  const { why, fix } = parsed.json.annotations ?? {};
  return {
    id: parsed.id,
    where: parsed.where,
    text: parsed.text,
    effect: parsed.json.effect,
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
    json: parsed.json,
    clauses: parsed.json.conditions.map(({ kind, body }) => ({
      kind,
      body,
      expression: readExpression(body, `${parsed.where}, policy ${parsed.id}`),
    })),
  };
}

function checkIds(rules: readonly Rule[]): void {
  if (rules.length > textBounds.policies) {
    throw new PolicyError('HF_POLICY_TOO_BIG', `\`${rules.length}\` policies are more than ${textBounds.policies}`);
  }
  const seen = new Map<string, string>();
  // From the end, so that a built-in id is blamed on the file that took it.
  for (const { id, where } of [...rules].reverse()) {
    const other = seen.get(id);
    if (other !== undefined) {
      throw new PolicyError('HF_POLICY_DUPLICATE_ID', `the id \`${id}\` is taken by ${other}`, { where });
    }
    seen.set(id, where);
  }
}

function checkRules(rules: readonly Rule[], words: Vocabulary): void {
  for (const rule of rules) {
    for (const { expression } of rule.clauses) checkAttributes(expression, words, `${rule.where}, policy ${rule.id}`);
  }
  for (const rule of rules) checkFailsClosed(rule, rule.clauses, words);
}

function loaded(rules: readonly Rule[], words: Vocabulary, { texts, knownChecks }: PolicySource): LoadedPolicy {
  const paths = rules.flatMap(({ clauses }) => clauses.flatMap(({ expression }) => pathsIn(expression)));
  const read = partRead(words, paths);
  const schema = schemaText(read);
  const policies = Object.fromEntries(rules.map(({ id, text }) => [id, text]));
  const [problem] = validationProblems(policies, schema);
  if (problem !== undefined) {
    const [id, message] = problem;
    const where = rules.find((rule) => rule.id === id)?.where;
    throw new PolicyError(
      'HF_POLICY_INVALID',
      `policy \`${id}\`: ${message.replace(/^for policy `[^`]*`, /, '')}`,
      where === undefined ? {} : { where },
    );
  }
  const policyDigest = sha256(canonicalJson([...texts.map(({ text }) => text), builtInPolicies]));
  const schemaDigest = sha256(schema);
  return {
    rules,
    files: texts.map(({ name, text }) => ({ name, sha256: sha256(text) })),
    knownChecks: [...new Set(knownChecks)].sort(),
    vocabulary: words,
    read,
    schema,
    policyDigest,
    schemaDigest,
    prepared: { digest: `${policyDigest}:${schemaDigest}`, policies, schema },
  };
}

/** SHA-256 of a text as UTF-8, lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
