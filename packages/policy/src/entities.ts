import { type ArtifactFacts, type CheckFacts, isolations } from './artifact-facts.ts';
import type { CedarValueJson, EntityJson } from './cedar.ts';
import { toDecimal } from './decimal.ts';
import { bindings, type GateContext, type Principal } from './request.ts';
import { namespace } from './schema.ts';
import type { Leaf, RecordShape, Shape, Vocabulary } from './vocabulary.ts';

/** Attributes by name, nested as policies see them, with exact numbers. */
export type AttributeView = Readonly<Record<string, unknown>>;

/** What policies can read, and the part of it that they do read. */
export interface Words {
  readonly vocabulary: Vocabulary;
  readonly read: Vocabulary;
}

const textLimit = 4096;
const setLimit = 10_000;

/**
 * Facts as policies see them: known checks nested by the dots of their names, metrics twice.
 * Only known checks, so that no name in `facts.checks` can stand in for another group.
 */
export function resourceView(facts: ArtifactFacts, knownChecks: readonly string[]): AttributeView {
  const { checks, ...groups } = facts;
  const view: Record<string, unknown> = { ...groups, metricsAtMost: facts.metrics };
  if (isRecord(facts.provenance)) {
    view['provenance'] = { ...facts.provenance, isolationLevel: isolations.indexOf(facts.provenance.isolation) };
  }
  for (const name of isRecord(checks) ? knownChecks : []) {
    const check = checks !== undefined && Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (isRecord(check)) place(view, name.split('.'), check);
  }
  return view;
}

function place(view: Record<string, unknown>, path: readonly string[], check: CheckFacts): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    view[name] = { ...check, metricsAtMost: check.metrics };
    return;
  }
  const group = Object.hasOwn(view, name) ? view[name] : undefined;
  const inner = isRecord(group) ? { ...group } : {};
  place(inner, rest, check);
  view[name] = inner;
}

/** The context as policies see it: ages in whole hours, rounded up; an age below zero is no age. */
export function contextView(context: GateContext): AttributeView {
  const { oldestEvidenceHours: hours, binding, ...rest } = context;
  const bound = binding === undefined ? {} : { binding, bindingLevel: bindings.indexOf(binding) };
  const aged = hours === undefined || !(hours >= 0) ? {} : { oldestEvidenceHours: Math.ceil(hours) };
  return { ...rest, ...bound, ...aged };
}

export function artifactEntity(id: string, view: AttributeView, { vocabulary, read }: Words): EntityJson {
  return {
    uid: { type: `${namespace}::Artifact`, id },
    attrs: valueRead(read.resource, recordValue(vocabulary.resource, view) ?? {}),
    parents: [],
  };
}

/** Undefined where the principal is not well-formed. */
export function principalEntity(principal: Principal, { vocabulary, read }: Words): EntityJson | undefined {
  const { name, roles, scopes, tenant } = principal;
  const attrs = recordValue(vocabulary.principal, { name, roles, scopes, tenant });
  if (attrs === undefined || !isText(principal.id) || principal.id === '') return undefined;
  return {
    uid: { type: `${namespace}::${principal.type ?? 'Key'}`, id: principal.id },
    attrs: valueRead(read.principal, attrs),
    parents: [],
  };
}

/** Undefined where a required attribute of the context is absent or malformed. */
export function contextValue(
  view: AttributeView,
  { vocabulary, read }: Words,
): Record<string, CedarValueJson> | undefined {
  const context = recordValue(vocabulary.context, view);
  return context === undefined ? undefined : valueRead(read.context, context);
}

/** The part of a well-formed record that a shape names. */
export function valueRead(shape: RecordShape, value: Record<string, CedarValueJson>): Record<string, CedarValueJson> {
  const part: Record<string, CedarValueJson> = {};
  for (const [name, { shape: child }] of shape.attributes) {
    const attribute = value[name];
    if (attribute === undefined) continue;
    part[name] = child.kind === 'record' ? valueRead(child, attribute as Record<string, CedarValueJson>) : attribute;
  }
  return part;
}

/**
 * A record as the schema wants it. What is malformed is absent, and a record that lacks something required is absent
 * as a whole, so that a policy can only miss it: a check whose verdict is `unknown`, which is no word of the
 * vocabulary, is such a record. Nothing that the schema does not name gets in.
 */
function recordValue(shape: RecordShape, value: unknown): Record<string, CedarValueJson> | undefined {
  if (!isRecord(value)) return undefined;
  const attributes: Record<string, CedarValueJson> = {};
  for (const [name, attribute] of shape.attributes) {
    const converted = Object.hasOwn(value, name) ? cedarValue(attribute.shape, value[name]) : undefined;
    if (converted !== undefined) attributes[name] = converted;
    else if (!attribute.optional) return undefined;
  }
  return attributes;
}

function cedarValue(shape: Shape, value: unknown): CedarValueJson | undefined {
  if (shape.kind === 'leaf') return leafValue(shape, value);
  const record = recordValue(shape, value);
  if (record === undefined || Object.keys(record).length > 0) return record;
  // An empty group says nothing; metrics say something even where no policy mentions one of their names.
  return shape.metrics !== undefined && Object.values(value as object).some(Number.isFinite) ? record : undefined;
}

function leafValue(shape: Leaf, value: unknown): CedarValueJson | undefined {
  switch (shape.type) {
    case 'Bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'Long':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
    case 'String':
      return isText(value) && (shape.words === undefined || shape.words.includes(value)) ? value : undefined;
    case 'Set<String>':
      return setValue(value);
    case 'decimal': {
      const decimal = typeof value === 'number' ? toDecimal(value, shape.rounded ?? 'down') : undefined;
      return decimal === undefined ? undefined : { __extn: { fn: 'decimal', arg: decimal } };
    }
    case 'datetime':
      return isInstant(value) ? { __extn: { fn: 'datetime', arg: value } } : undefined;
  }
}

/** Sorted and without duplicates, so that equal sets have equal digests. */
function setValue(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length > setLimit || !value.every(isText)) return undefined;
  return [...new Set(value)].sort();
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= textLimit && value.isWellFormed();
}

/** RFC 3339 in UTC with optional milliseconds, the part of ISO 8601 that Cedar's `datetime` reads. */
function isInstant(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/.test(value) &&
    Number.isFinite(Date.parse(value))
  );
}

function isRecord<T>(value: T): value is T & Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
