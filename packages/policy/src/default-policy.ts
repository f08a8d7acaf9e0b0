import { type Isolation, isolations } from './artifact-facts.ts';
import { toDecimal } from './decimal.ts';
import { PolicyError } from './errors.ts';
import { quoted } from './schema.ts';

export interface DefaultPolicyOptions {
  /** The least that each metric of the evaluation must reach: `{ accuracy: 0.7 }`; at most four fractional digits. */
  readonly floors: Readonly<Record<string, number>>;
  /** Full names of the checks that must pass beside `scan`, which always has to: `trial.robustness`. */
  readonly checks: readonly string[];
  /** No evidence may be older, in whole hours. */
  readonly maxAgeHours: number;
  /** The weakest isolation that the stages may have run with; absent: any. */
  readonly isolation?: Exclude<Isolation, 'none'>;
}

/**
 * The text of the default `policy/production.cedar`: who may deploy, and what the artifact must show. Written to be
 * read, and changed, by somebody who has never seen Cedar.
 *
 * @throws PolicyError HF_POLICY_DEFAULTS
 */
export function defaultPolicy({ floors, checks, maxAgeHours, isolation }: DefaultPolicyOptions): string {
  if (!Number.isSafeInteger(maxAgeHours) || maxAgeHours <= 0) {
    throw new PolicyError('HF_POLICY_DEFAULTS', `\`${maxAgeHours}\` is no number of hours`);
  }
  const used = new Set<string>();
  return [
    ...beforeMetrics,
    ...(isolation === undefined ? [] : [isolationRule(isolation)]),
    ...Object.entries(floors).map(([name, floor]) => floorRule(name, floor, used)),
    ...afterMetrics(maxAgeHours),
    ...checks.filter((name) => name !== 'scan').map((name) => checkRule(name, used)),
  ].join('\n');
}

const head = (id: string, annotations: Readonly<Record<string, string>>): string =>
  Object.entries({ id, ...annotations })
    .map(([name, text]) => `@${name}(${quoted(text)})\n`)
    .join('');

function rule(comment: string, id: string, notes: { fix?: string; why?: string }, demands: readonly string[]): string {
  const annotations = {
    ...(notes.why === undefined ? {} : { why: notes.why }),
    ...(notes.fix === undefined ? {} : { fix: notes.fix }),
  };
  const lines = demands.map((demand) => `  ${demand}`).join(' &&\n');
  return `// ${comment}
${head(id, annotations)}forbid (principal, action == Holdfast::Action::"deploy", resource)
unless {
${lines}
};
`;
}

const beforeMetrics = [
  `// Who may deploy to production, and what the artifact must show.
//
// Everybody may ask; each rule below forbids unless its evidence is there. Take a rule out, change a number, or add one:
// \`holdfast policy test\` runs the cases in production.test.json against it.

// Everybody may ask.
@id("ask")
permit (principal, action == Holdfast::Action::"deploy", resource);
`,
  rule('Every stage behind it has provenance, signed by a builder.', 'provenance', { fix: 'holdfast run' }, [
    'resource has provenance',
    'resource.provenance.complete',
    'resource.provenance.byBuilder',
  ]),
  rule(
    'Each stage was run by the owner that it declares.',
    'by-owner',
    { why: '{artifact} is not shown to come from the owners of its stages', fix: 'holdfast run' },
    ['resource has provenance', 'resource.provenance.byOwner'],
  ),
];

/** `sandboxed` at whatever level: what a reader of a denial has to know is what it is about. */
function isolationRule(isolation: Exclude<Isolation, 'none'>): string {
  return rule(
    `Every stage behind it saw its declared inputs and nothing else: isolation ${isolations.slice(isolations.indexOf(isolation)).join(', ')}.`,
    'sandboxed',
    { why: '{artifact} is not shown to come from confined stages', fix: 'holdfast run' },
    ['resource has provenance', `resource.provenance.isolationLevel >= ${isolations.indexOf(isolation)}`],
  );
}

/** Without `@fix`: whether it has to be scanned, or what was found to be looked at, is told by what is missing. */
const scanned = rule(
  'It was scanned by Holdfast itself: all of it is understood, and nothing in it calls what is on no allowlist.',
  'scanned',
  {},
  ['resource has scan', 'resource.scan.verdict == "pass"', 'resource.scan.origin == "measured"'],
);

const afterMetrics = (maxAgeHours: number): string[] => [
  rule(
    'It was evaluated on data that it was not trained on.',
    'separate-evaluation',
    { why: '{artifact} is not shown to be evaluated on data that it was not trained on', fix: 'holdfast run evaluate' },
    ['resource has evaluation', 'resource.evaluation.runs >= 1', 'resource.evaluation.separate'],
  ),
  scanned,
  rule('A key that is trusted here signed it.', 'signed', { fix: 'holdfast sign {artifact}' }, [
    'resource has signature',
    'resource.signature.valid',
    'resource.signature.byTrustedKey',
  ]),
  rule(
    'Somebody who built nothing in it has approved it.',
    'second-person',
    { why: 'nobody but its trainer has approved {artifact}', fix: 'holdfast approve {artifact}' },
    ['resource has approval', 'resource.approval.byOthers >= 1'],
  ),
  rule(`No evidence is older than ${maxAgeHours} hours.`, 'fresh', { fix: 'holdfast run --due' }, [
    'context has oldestEvidenceHours',
    `context.oldestEvidenceHours <= ${maxAgeHours}`,
  ]),
  rule(
    'High risk, or no declared risk, takes the approval of two.',
    'high-risk',
    {
      why: 'its risk is high or not declared, and fewer than two others have approved {artifact}',
      fix: 'holdfast approve {artifact}',
    },
    [
      '(resource has risk && ["low", "medium"].contains(resource.risk)) ||\n  (resource has approval && resource.approval.byOthers >= 2)',
    ],
  ),
];

function floorRule(name: string, floor: number, used: Set<string>): string {
  const decimal = toDecimal(floor, 'down');
  if (decimal === undefined || decimal !== toDecimal(floor, 'up') || name === '') {
    throw new PolicyError('HF_POLICY_DEFAULTS', `\`${name} ${floor}\` is no floor for a metric`);
  }
  const text = decimal.replace(/(\.\d\d\d*?)0+$/, '$1');
  const plain = isPlain(name);
  const metric = plain ? `resource.metrics.${name}` : `resource.metrics[${quoted(name)}]`;
  return rule(
    `Its ${name.replace(/[^\w .-]/g, '?')} is at least ${text}.`,
    idFor(`${name}-floor`, used),
    { fix: 'holdfast run evaluate' },
    [
      ...(plain ? [`resource has metrics.${name}`] : ['resource has metrics', `resource.metrics has ${quoted(name)}`]),
      `${metric}.greaterThanOrEqual(decimal("${text}"))`,
    ],
  );
}

function checkRule(name: string, used: Set<string>): string {
  if (!/^[a-z][A-Za-z0-9_-]*(?:\.[a-z][A-Za-z0-9_-]*)*$/.test(name)) {
    throw new PolicyError('HF_POLICY_DEFAULTS', `\`${name}\` is no name of a check`);
  }
  const segments = name.split('.');
  const paths = segments.map((_, count) =>
    segments
      .slice(0, count)
      .map((segment) => `[${quoted(segment)}]`)
      .join(''),
  );
  const plain = segments.every(isPlain);
  const guards = plain
    ? [`resource has ${name}`]
    : segments.map((segment, depth) => `resource${paths[depth] ?? ''} has ${quoted(segment)}`);
  const verdict = plain ? `resource.${name}` : `resource${segments.map((segment) => `[${quoted(segment)}]`).join('')}`;
  return rule(`The check ${name} passed.`, idFor(name.replaceAll('.', '-'), used), { fix: 'holdfast run' }, [
    ...guards,
    `${verdict}.verdict == "pass"`,
  ]);
}

/** Words that Cedar keeps: https://docs.cedarpolicy.com/policies/syntax-grammar.html#grammar-ident */
const reserved = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'is', 'like', 'has', '__cedar']);

/** A name that can stand after a dot. */
const isPlain = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name);

/** An `@id` in the form that the loader asks for, unlike all before it. */
function idFor(name: string, used: Set<string>): string {
  const base = name
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]/, 'x')
    .slice(0, 56);
  let id = base;
  for (let count = 2; used.has(id) || fixedIds.has(id); count++) id = `${base}-${count}`;
  used.add(id);
  return id;
}

const fixedIds: ReadonlySet<string> = new Set([
  'ask',
  'provenance',
  'by-owner',
  'sandboxed',
  'separate-evaluation',
  'scanned',
  'signed',
  'second-person',
  'fresh',
  'high-risk',
  'withdrawn',
  'planted',
  'evidence-verifies',
]);
