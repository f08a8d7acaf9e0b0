import type { DetailedError, PolicyJson, Response, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { PolicyError } from './errors.ts';

export type { CedarValueJson, Clause, EntityJson, Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';

/** Cedar's question, with preparsed policies and schema. */
export type Question = Omit<
  StatefulAuthorizationCall,
  'preparsedSchemaName' | 'preparsedPolicySetId' | 'validateRequest'
>;

/** What is preparsed under one slot. */
export interface Prepared {
  /** Identifies policies and schema together. */
  readonly digest: string;
  readonly policies: Readonly<Record<string, string>>;
  readonly schema: string;
}

export type Answer =
  | { readonly ok: true; readonly response: Response }
  | { readonly ok: false; readonly message: string };

/**
 * Calls the engine. A WebAssembly trap (its 1 MiB stack overflows at a few hundred levels of nesting) leaves the
 * module unusable for the rest of the process, so whatever it throws means "not allowed", and texts are bounded
 * before they get here.
 */
function engine<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new PolicyError('HF_POLICY_ENGINE', 'the Cedar engine stopped', { cause });
  }
}

const messageOf = (errors: readonly DetailedError[]): string =>
  errors[0] === undefined
    ? 'no message'
    : `${errors[0].message}${errors[0].help === null ? '' : ` (${errors[0].help})`}`;

/** One text as its policies; a failure has the offset in UTF-8 bytes. */
export function splitPolicies(
  text: string,
): { policies: readonly string[]; templates: readonly string[] } | { message: string; offset: number } {
  const answer = engine(() => cedar.policySetTextToParts(text));
  if (answer.type === 'success') return { policies: answer.policies, templates: answer.policy_templates };
  return { message: messageOf(answer.errors), offset: answer.errors[0]?.sourceLocations?.[0]?.start ?? 0 };
}

/** One policy's abstract syntax, Cedar's JSON policy format. */
export function policyJson(text: string): PolicyJson {
  const answer = engine(() => cedar.policyToJson(text));
  if (answer.type === 'failure') throw new PolicyError('HF_POLICY_SYNTAX', messageOf(answer.errors));
  return answer.json;
}

/** Cedar text of a policy's abstract syntax. */
export function policyText(json: PolicyJson): string {
  const answer = engine(() => cedar.policyToText(json));
  if (answer.type === 'failure') throw new PolicyError('HF_POLICY_ENGINE', messageOf(answer.errors));
  return answer.text;
}

/** Strict validation: every error and every warning, as `[policy id, message]`. */
export function validationProblems(policies: Readonly<Record<string, string>>, schema: string): [string, string][] {
  const answer = engine(() =>
    cedar.validate({ validationSettings: { mode: 'strict' }, schema, policies: { staticPolicies: { ...policies } } }),
  );
  if (answer.type === 'failure') return [['schema', messageOf(answer.errors)]];
  return [
    ...[...answer.validationErrors, ...answer.validationWarnings].map(({ policyId, error }): [string, string] => [
      policyId,
      messageOf([error]),
    ]),
    ...answer.otherWarnings.map((warning): [string, string] => ['set', messageOf([warning])]),
  ];
}

/**
 * Slots of preparsed policy sets. The engine never frees one (about 160 KB each), but a slot can be filled anew: this
 * mirrors what is in each, least recently used first. Process-wide, because the engine's cache is.
 */
const slots = new Map<string, string>();
const slotNames: readonly string[] = Array.from({ length: 8 }, (_, index) => `holdfast-${index}`);

function slotFor(prepared: Prepared): string {
  const known = slots.get(prepared.digest);
  const slot = known ?? freeSlot();
  if (known === undefined) fill(slot, prepared);
  slots.delete(prepared.digest);
  slots.set(prepared.digest, slot);
  return slot;
}

/** A slot that stands for nothing from here on, so that one that could not be filled is never asked. */
function freeSlot(): string {
  const used = new Set(slots.values());
  const unused = slotNames.find((name) => !used.has(name));
  const [oldest] = slots;
  if (unused !== undefined || oldest === undefined) return unused ?? 'holdfast-0';
  slots.delete(oldest[0]);
  return oldest[1];
}

function fill(slot: string, prepared: Prepared): void {
  const schema = engine(() => cedar.preparseSchema(slot, prepared.schema));
  const policies = engine(() => cedar.preparsePolicySet(slot, { staticPolicies: { ...prepared.policies } }));
  for (const answer of [schema, policies]) {
    if (answer.type === 'failure') throw new PolicyError('HF_POLICY_ENGINE', messageOf(answer.errors));
  }
}

/** Asks preparsed policies. Never throws: an engine that fails has not answered. */
export function askPrepared(prepared: Prepared, question: Question): Answer {
  return answerOf(() => {
    const slot = slotFor(prepared);
    return { ...question, validateRequest: true, preparsedSchemaName: slot, preparsedPolicySetId: slot };
  }, cedar.statefulIsAuthorized);
}

/** Asks policies that are needed once, parsing them, and the schema if there is one, first. Never throws. */
export function askOnce(policies: Readonly<Record<string, PolicyJson>>, question: Question, schema?: string): Answer {
  const checked = schema === undefined ? {} : { schema, validateRequest: true };
  return answerOf(
    () => ({ ...question, ...checked, policies: { staticPolicies: { ...policies } } }),
    cedar.isAuthorized,
  );
}

function answerOf<Call>(prepare: () => Call, ask: (call: Call) => cedar.AuthorizationAnswer): Answer {
  try {
    const answer = ask(prepare());
    return answer.type === 'success'
      ? { ok: true, response: answer.response }
      : { ok: false, message: messageOf(answer.errors) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : 'the Cedar engine stopped' };
  }
}
