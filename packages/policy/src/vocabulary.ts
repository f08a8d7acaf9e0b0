import { isolations } from './artifact-facts.ts';
import { PolicyError } from './errors.ts';
import { bindings, networks } from './request.ts';

/** Types that an attribute can have; `decimal` only for metrics. */
export type LeafType = 'String' | 'Bool' | 'Long' | 'Set<String>' | 'decimal' | 'datetime';

export interface Leaf {
  readonly kind: 'leaf';
  readonly type: LeafType;
  /** Metrics: how the exact value became four fractional digits. */
  readonly rounded?: 'down' | 'up';
  /** The only words that a String can be. */
  readonly words?: readonly string[];
}

export interface RecordShape {
  readonly kind: 'record';
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** The record of metrics, whose names are the policies' own choice. */
  readonly metrics?: 'down' | 'up';
}

export type Shape = Leaf | RecordShape;

export interface Attribute {
  readonly shape: Shape;
  readonly optional: boolean;
}

/** Everything that policies may read: the schema, the entities and the loader's rule all come from here. */
export interface Vocabulary {
  readonly principal: RecordShape;
  readonly resource: RecordShape;
  readonly context: RecordShape;
}

/** Names of metrics that policies mention, by where they stand: `metrics`, `trial.robustness.metricsAtMost`. */
export type MentionedMetrics = ReadonlyMap<string, ReadonlySet<string>>;

const leaf = (type: LeafType): Attribute => ({ shape: { kind: 'leaf', type }, optional: false });
const words = (...list: readonly string[]): Attribute => ({
  shape: { kind: 'leaf', type: 'String', words: list },
  optional: false,
});
const record = (attributes: Record<string, Attribute>): RecordShape => ({
  kind: 'record',
  attributes: new Map(Object.entries(attributes)),
});
const optional = (attribute: Attribute | RecordShape): Attribute => ({
  shape: 'kind' in attribute ? attribute : attribute.shape,
  optional: true,
});

const principal = record({
  name: leaf('String'),
  roles: leaf('Set<String>'),
  scopes: optional(leaf('Set<String>')),
  tenant: optional(leaf('String')),
});

const context = record({
  environment: leaf('String'),
  evidenceVerified: leaf('Bool'),
  now: optional(leaf('datetime')),
  oldestEvidenceHours: optional(leaf('Long')),
  network: optional(words(...networks)),
  isolationLevel: optional(leaf('Long')),
  classLevel: optional(leaf('Long')),
  model: optional(leaf('String')),
  binding: optional(words(...bindings)),
  bindingLevel: optional(leaf('Long')),
});

const fixedGroups: Readonly<Record<string, Attribute>> = {
  kind: optional(leaf('String')),
  risk: optional(words('low', 'medium', 'high')),
  provenance: optional(
    record({
      complete: leaf('Bool'),
      byOwner: leaf('Bool'),
      byBuilder: leaf('Bool'),
      isolation: words(...isolations),
      isolationLevel: leaf('Long'),
      runs: leaf('Long'),
      stages: leaf('Set<String>'),
      anomalies: leaf('Long'),
      builders: leaf('Set<String>'),
    }),
  ),
  evaluation: optional(record({ runs: leaf('Long'), separate: leaf('Bool') })),
  signature: optional(record({ valid: leaf('Bool'), keys: leaf('Set<String>'), byTrustedKey: leaf('Bool') })),
  approval: optional(record({ count: leaf('Long'), byOthers: leaf('Long') })),
  standing: optional(
    record({
      withdrawn: leaf('Bool'),
      ancestorWithdrawn: leaf('Bool'),
      setAside: leaf('Bool'),
      suspect: leaf('Bool'),
    }),
  ),
};

const checkLeaves: Readonly<Record<string, Attribute>> = {
  // `unknown` is no word of a verdict here: such a check is absent from the entity.
  verdict: words('pass', 'warn', 'fail'),
  origin: words('measured', 'reported'),
  findings: leaf('Long'),
  examined: leaf('Long'),
  total: leaf('Long'),
};

/** At most so many known checks, and so many characters in a name. */
export const checkBounds = { count: 500, length: 100, depth: 4 } as const;

const checkName = /^[a-z][A-Za-z0-9_-]*(?:\.[a-z][A-Za-z0-9_-]*)*$/;

/**
 * What policies may read when these checks are known.
 *
 * Every metric stands twice: in `metrics` rounded down, for floors, and in `metricsAtMost` rounded up, for ceilings.
 * One value cannot serve both: 0.40003 written 0.4000 would pass `lessThanOrEqual(decimal("0.4"))`.
 *
 * @throws PolicyError HF_POLICY_CHECK_NAME
 */
export function vocabulary(knownChecks: readonly string[], mentioned: MentionedMetrics): Vocabulary {
  if (knownChecks.length > checkBounds.count) {
    throw new PolicyError(
      'HF_POLICY_CHECK_NAME',
      `\`${knownChecks.length}\` checks are more than ${checkBounds.count}`,
    );
  }
  const root = new Map<string, Attribute>(Object.entries(fixedGroups));
  addMetrics(root, '', mentioned);
  for (const name of [...new Set(knownChecks)].sort()) addCheck(root, name, mentioned);
  return { principal, resource: { kind: 'record', attributes: root }, context };
}

function addCheck(root: Map<string, Attribute>, name: string, mentioned: MentionedMetrics): void {
  const segments = name.split('.');
  if (name.length > checkBounds.length || segments.length > checkBounds.depth || !checkName.test(name)) {
    throw new PolicyError('HF_POLICY_CHECK_NAME', `\`${name.slice(0, checkBounds.length)}\` is no name for a check`);
  }
  let group = root;
  for (const segment of segments.slice(0, -1)) group = subgroup(group, segment, name);
  const last = segments.at(-1) ?? name;
  if (group.has(last)) throw clash(name);
  const attributes = new Map(Object.entries(checkLeaves));
  addMetrics(attributes, `${name}.`, mentioned);
  group.set(last, { shape: { kind: 'record', attributes }, optional: true });
}

/** Groups made here hold only groups and checks; stepping into anything else means that two names collide. */
function subgroup(group: Map<string, Attribute>, segment: string, name: string): Map<string, Attribute> {
  const present = group.get(segment);
  if (present === undefined) {
    const attributes = new Map<string, Attribute>();
    group.set(segment, { shape: { kind: 'record', attributes }, optional: true });
    return attributes;
  }
  const { shape } = present;
  const isGroup = shape.kind === 'record' && [...shape.attributes.values()].every((a) => a.shape.kind === 'record');
  if (!isGroup || shape.metrics !== undefined) throw clash(name);
  return shape.attributes as Map<string, Attribute>;
}

function clash(name: string): PolicyError {
  return new PolicyError('HF_POLICY_CHECK_NAME', `the check \`${name}\` collides with another attribute of that name`);
}

function addMetrics(into: Map<string, Attribute>, prefix: string, mentioned: MentionedMetrics): void {
  for (const [name, rounded] of [
    ['metrics', 'down'],
    ['metricsAtMost', 'up'],
  ] as const) {
    const metrics = [...(mentioned.get(prefix + name) ?? [])].sort();
    if (rounded === 'up' && metrics.length === 0) continue;
    const attributes = new Map<string, Attribute>();
    for (const metric of metrics) {
      attributes.set(metric, { shape: { kind: 'leaf', type: 'decimal', rounded }, optional: true });
    }
    into.set(name, { shape: { kind: 'record', attributes, metrics: rounded }, optional: true });
  }
}

/**
 * The part of a vocabulary that these paths read. The schema and the entities hold nothing else: parsing entities is
 * what a decision spends its time on, and what a decision records is then exactly what it was based on.
 */
export function partRead(
  words: Vocabulary,
  paths: readonly { readonly root: string; readonly names: readonly string[] }[],
): Vocabulary {
  const below = (root: keyof Vocabulary): RecordShape =>
    recordRead(
      words[root],
      paths.filter((path) => path.root === root).map(({ names }) => names),
    );
  return { principal: below('principal'), resource: below('resource'), context: below('context') };
}

function recordRead(shape: RecordShape, paths: readonly (readonly string[])[]): RecordShape {
  const attributes = new Map<string, Attribute>();
  for (const [name, { shape: child, optional: absent }] of shape.attributes) {
    const tails = paths.filter(([first]) => first === name).map(([, ...rest]) => rest);
    if (tails.length === 0) continue;
    attributes.set(name, { shape: child.kind === 'record' ? recordRead(child, tails) : child, optional: absent });
  }
  return { ...shape, attributes };
}
