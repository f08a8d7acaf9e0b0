import { type PolicyJson, policyJson, splitPolicies } from './cedar.ts';
import { PolicyError } from './errors.ts';

/** One file of policies: its name is only used in messages. */
export interface PolicyFile {
  readonly name: string;
  readonly text: string;
}

/** One policy as it stands in its file. */
export interface ParsedPolicy {
  readonly id: string;
  /** `production.cedar:12`. */
  readonly where: string;
  readonly text: string;
  readonly json: PolicyJson;
}

/**
 * Limits on policy texts, checked before Cedar's parser sees them. In cedar-wasm 4.13.0 nesting of about 110 brackets,
 * or chains of about 360 operators, overflow its stack, and the trap leaves the engine unusable.
 */
export const textBounds = { files: 64, fileBytes: 262_144, policies: 500, nesting: 24, operators: 256 } as const;

const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Parses one file.
 *
 * @throws PolicyError HF_POLICY_TOO_BIG, HF_POLICY_SYNTAX, HF_POLICY_TEMPLATE, HF_POLICY_NO_ID
 */
export function parsePolicies(file: PolicyFile): ParsedPolicy[] {
  checkBounds(file);
  const parts = splitPolicies(file.text);
  if ('message' in parts) {
    const before = Buffer.from(file.text).subarray(0, parts.offset).toString();
    throw new PolicyError('HF_POLICY_SYNTAX', parts.message, { where: `${file.name}:${lineOf(before)}` });
  }
  if (parts.templates[0] !== undefined) {
    throw new PolicyError('HF_POLICY_TEMPLATE', 'a policy has a slot', {
      where: place(file, parts.templates[0]).where,
    });
  }
  if (parts.policies.length > textBounds.policies) throw tooBig(file.name, 'policies', parts.policies.length);
  return parts.policies
    .map((text) => ({ text, ...place(file, text) }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ text, where }) => ({ ...identified(text, where), where, text }));
}

function identified(text: string, where: string): Pick<ParsedPolicy, 'id' | 'json'> {
  const json = policyJson(text);
  const id = json.annotations?.['id'];
  if (id === undefined) throw new PolicyError('HF_POLICY_NO_ID', 'a policy has no `@id`', { where });
  if (!idPattern.test(id)) {
    throw new PolicyError('HF_POLICY_NO_ID', `the id \`${id.slice(0, 64)}\` cannot be used`, { where });
  }
  return { id, json };
}

function place(file: PolicyFile, part: string): { offset: number; where: string } {
  const offset = Math.max(0, file.text.indexOf(part));
  return { offset, where: `${file.name}:${lineOf(file.text.slice(0, offset))}` };
}

const lineOf = (before: string): number => before.split('\n').length;

function tooBig(where: string, what: string, count: number): PolicyError {
  return new PolicyError('HF_POLICY_TOO_BIG', `${what}: \`${count}\` is more than allowed`, { where });
}

/** Comments and strings are Cedar's tokens, https://docs.cedarpolicy.com/policies/syntax-grammar.html */
const commentOrString = /\/\/[^\n\r]*|"(?:\\[^\n]|[^"\\])*"/g;
const weighty = /&&|\|\||[.!+*([{;)\]}-]|\b(?:if|has|when|unless)\b/g;

function checkBounds(file: PolicyFile): void {
  const bytes = Buffer.byteLength(file.text);
  if (bytes > textBounds.fileBytes) throw tooBig(file.name, 'bytes', bytes);
  let nesting = 0;
  let operators = 0;
  for (const [token] of file.text.replace(commentOrString, ' ').matchAll(weighty)) {
    if (token === ';' && nesting === 0) operators = 0;
    else if ('([{'.includes(token)) nesting++;
    else if (')]}'.includes(token)) nesting = Math.max(0, nesting - 1);
    operators++;
    if (nesting > textBounds.nesting) throw tooBig(file.name, 'levels of nesting', nesting);
    if (operators > textBounds.operators) throw tooBig(file.name, 'operators in one policy', operators);
  }
}
