import {
  type DigestSet,
  type EvidenceView,
  evidenceAs,
  predicateTypes,
  type ReadEvidence,
  type Role,
  type RunPredicate,
  statementOf,
} from '@holdfast/evidence';
import { type DeclaredStage, decideGate, type GateQuestion } from '@holdfast/policy';
import { memoryKey, newAllowedProject, sha256Of } from '@holdfast/testkit';

/** mulberry32, so that a case can be repeated by its seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A question that is allowed, from a project that really ran, was signed and approved. */
export async function allowedQuestion(): Promise<GateQuestion> {
  const project = await newAllowedProject();
  const { question, decision } = await project.ask();
  if (!decision.allowed) throw new Error(`the start is denied: ${JSON.stringify(decision.reasons)}`);
  return question;
}

type Random = () => number;
type Loose = Record<string, unknown>;
interface LooseStatement {
  subject: { digest: Record<string, string> }[];
  predicateType: string;
  predicate: Loose;
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
const day = 24 * 3_600_000;

/** What can be done to one piece of evidence; each is something that a signer could really have signed. */
const alterations: Readonly<
  Record<string, (piece: ReadEvidence, random: Random, question: GateQuestion) => ReadEvidence>
> = {
  signer: (piece, random, question) => {
    const names = ['builder', 'checker', 'approver', 'rogue', 'second'];
    const name = pick(random, names);
    // somebody's second key, or somebody's key under another name
    if (random() < 0.2) return { ...piece, signerName: name };
    return { ...piece, signerName: name, signer: random() < 0.2 ? builderKey(question) : memoryKey(name) };
  },
  role: (piece, random) => ({
    ...piece,
    role: piece.kind === 'run' ? pick(random, ['checker', 'approver'] as const) : piece.role,
  }),
  subject: (piece, random) =>
    edited(piece, ({ subject, predicate }) => {
      const digest = pick(random, subject).digest;
      const algorithm = pick(random, Object.keys(digest));
      const before = JSON.stringify(digest);
      digest[algorithm] = sha256Of(`other ${random()}`);
      // what a run wrote stands in its predicate too
      const outputs = (
        predicate['buildDefinition'] as { externalParameters?: { outputs: { digest: DigestSet }[] } } | undefined
      )?.externalParameters?.outputs;
      for (const output of outputs ?? []) if (JSON.stringify(output.digest) === before) output.digest = { ...digest };
    }),
  verdict: (piece, random) =>
    edited(piece, ({ predicate }) => {
      if ('verdict' in predicate) predicate['verdict'] = pick(random, ['warn', 'fail', 'unknown', 'pass']);
    }),
  metric: (piece, random) =>
    edited(piece, ({ predicate }) => {
      if ('metrics' in predicate)
        predicate['metrics'] = pick<object>(random, [
          { accuracy: 0.7 },
          { accuracy: 0.6999 },
          { accuracy: 0.1 },
          { accuracy: -1 },
          { recall: 1 },
          { accuracy: 1 },
          {},
        ]);
    }),
  invocation: (piece, random) =>
    edited(piece, ({ predicate }) => {
      const check = predicate['check'] as { options: Loose } | undefined;
      if (check !== undefined) check.options['invocation'] = pick(random, ['evaluate-0', '', 7]);
    }),
  environment: (piece, random) =>
    edited(piece, ({ predicate }) => {
      if ('approvedOn' in predicate) predicate['environment'] = pick(random, ['production', 'staging', '']);
    }),
  time: (piece, random, { now }) =>
    edited(piece, (statement) => {
      setTime(statement, new Date(now.getTime() + pick(random, [-31 * day, -29 * day, day])));
    }),
  input: (piece, random, { view }) =>
    edited(piece, ({ predicate }) => {
      const dependencies = (
        predicate['buildDefinition'] as { resolvedDependencies?: { digest: DigestSet }[] } | undefined
      )?.resolvedDependencies;
      if (dependencies === undefined || dependencies.length === 0) return;
      const subjects = view.evidence.flatMap(({ statement }) => statement.subject.map(({ digest }) => digest));
      pick(random, dependencies).digest = pick(random, [{ sha256: sha256Of(`other ${random()}`) }, ...subjects]);
    }),
  stage: (piece, random) =>
    edited(piece, ({ predicate }) => {
      const build = predicate['buildDefinition'] as { externalParameters: Loose } | undefined;
      if (build !== undefined)
        build.externalParameters['stage'] = pick(random, ['prepare', 'train', 'evaluate', 'polish']);
    }),
  risk: (piece, random) =>
    edited(piece, ({ predicate }) => {
      const outputs = (predicate['buildDefinition'] as { externalParameters?: { outputs: Loose[] } } | undefined)
        ?.externalParameters?.outputs;
      for (const output of outputs ?? []) output['risk'] = pick(random, ['low', 'medium', 'high', 'none']);
    }),
};

const builderKey = ({ view }: GateQuestion) =>
  view.evidence.find(({ kind }) => kind === 'run')?.signer ?? memoryKey('builder');

function edited(piece: ReadEvidence, edit: (statement: LooseStatement) => void): ReadEvidence {
  const statement = structuredClone(piece.statement);
  edit(statement as unknown as LooseStatement);
  return { ...piece, statement };
}

function setTime({ predicate }: LooseStatement, time: Date): void {
  const text = time.toISOString();
  if ('finishedOn' in predicate) predicate['finishedOn'] = text;
  if ('approvedOn' in predicate) predicate['approvedOn'] = text;
  const metadata = (predicate['runDetails'] as { metadata: Loose } | undefined)?.metadata;
  if (metadata !== undefined) metadata['finishedOn'] = text;
}

export interface Variant {
  readonly question: GateQuestion;
  /** Something that is needed was taken away, and nothing was added in its place. */
  readonly incomplete: boolean;
}

/** A variant of the question: pieces dropped, altered, doubled, withdrawn; or the configuration, or what was seen on disk. */
export function variantOf(base: GateQuestion, random: Random): Variant {
  let pieces = [...base.view.evidence];
  const names = Object.keys(alterations);
  let dropped = false;
  let added = false;
  let question = base;
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    const at = Math.floor(random() * pieces.length);
    const piece = pieces[at];
    if (piece === undefined) break;
    const alter = alterations[pick(random, names)]!;
    const what = random();
    if (what < 0.2) {
      pieces = pieces.toSpliced(at, 1);
      dropped ||= piece.kind !== 'withdrawal';
    } else if (what < 0.6) pieces[at] = alter(piece, random, base);
    else if (what < 0.85) {
      pieces.splice(random() < 0.7 ? pieces.length : at, 0, alter(piece, random, base));
      added = true;
    } else if (what < 0.93) pieces.splice(Math.floor(random() * pieces.length), 0, withdrawal(base, random));
    else question = { ...question, ...otherwise(question, random) };
  }
  return { question: { ...question, view: renumbered(question.view, pieces) }, incomplete: dropped && !added };
}

/** The same question with another configuration, environment, or look at the disk. */
function otherwise({ stages, view }: GateQuestion, random: Random): Partial<GateQuestion> {
  const altered = (change: Partial<DeclaredStage>): Partial<GateQuestion> => {
    const name = pick(random, [...stages.map((stage) => stage.name), 'none']);
    return { stages: stages.map((stage) => (stage.name === name ? { ...stage, ...change } : stage)) };
  };
  return pick<() => Partial<GateQuestion>>(random, [
    () => altered({ owner: pick(random, ['rogue', 'second', null]) }),
    () => altered({ name: 'renamed' }),
    () => altered({ behind: true }),
    () => ({ stages: [] }),
    () => ({ environment: 'staging' }),
    () => ({ view: { ...view, broken: [{ index: 0, id: '', code: 'HF_LEAF_MISMATCH', message: 'changed' }] } }),
    () => ({ changed: ['`data/raw.csv` is not what `prepare` read'] }),
  ])();
}

function withdrawal({ view }: GateQuestion, random: Random): ReadEvidence {
  const base = view.evidence[0]!;
  const subjects = view.evidence.flatMap(({ statement }) => statement.subject.map(({ digest }) => digest));
  const inputs = view.evidence.flatMap(
    (piece) =>
      evidenceAs('run', piece)?.statement.predicate.buildDefinition.resolvedDependencies.map(({ digest }) => digest) ??
      [],
  );
  const inside = view.evidence.flatMap(
    (piece) =>
      evidenceAs('run', piece)?.statement.predicate.buildDefinition.externalParameters.outputs.flatMap(
        ({ files = [] }) => files.map(({ sha256 }) => ({ sha256 })),
      ) ?? [],
  );
  const digest = pick(random, [...subjects, ...inputs, ...inside, { sha256: sha256Of('something else') }]);
  const statement = statementOf(predicateTypes.withdrawal, [{ digest }], {
    reason: 'wrong',
    withdrawnOn: '2026-01-01T00:00:00.000Z',
  });
  const role: Role = 'approver';
  return { ...base, kind: 'withdrawal', statement, role, signerName: 'approver' };
}

function renumbered(view: EvidenceView, pieces: readonly ReadEvidence[]): EvidenceView {
  return {
    ...view,
    size: pieces.length,
    evidence: pieces.map((piece, index) => ({ ...piece, index, id: sha256Of(`piece ${index}`) })),
  };
}

// From here on: what must come out, by plain rules over the list of pieces. Nothing of packages/policy is used.

type Run = ReadEvidence<RunPredicate>;

const key = (digest: DigestSet): string => JSON.stringify(Object.entries(digest).toSorted());
const short = (digest: DigestSet): string => digest['dirHash'] ?? digest['sha256'] ?? '';
const stageOf = (run: Run): string => run.statement.predicate.buildDefinition.externalParameters.stage;
const inputsOf = (run: Run) => run.statement.predicate.buildDefinition.resolvedDependencies;

/** Whether the gate must be open: the rules of the default policy, one after the other. */
export function mustAllow({ view, digest, stages, environment, now, changed }: GateQuestion): boolean {
  const wanted = key(digest);
  const about = (piece: ReadEvidence): boolean =>
    piece.statement.subject.some((subject) => key(subject.digest) === wanted);
  const runs = view.evidence.filter((piece): piece is Run => piece.kind === 'run');
  const owned = (run: Run): boolean => {
    if (stages.length === 0) return true;
    const stage = stages.find(({ name }) => name === stageOf(run));
    return stage !== undefined && (stage.owner === null || stage.owner === run.signerName);
  };
  const makers = (thing: DigestSet): Run[] =>
    runs.filter((run) => run.statement.subject.some((subject) => key(subject.digest) === key(thing)));
  const maker = (thing: DigestSet): Run | undefined => makers(thing).filter(owned).at(-1) ?? makers(thing).at(-1);

  if (changed.length > 0 || view.broken.length > 0) return false;

  // every stage behind it: the runs that are reached, until no more are
  const origin = maker(digest);
  if (origin === undefined) return false;
  const chain = new Set<Run>([origin]);
  for (let size = 0; size !== chain.size; ) {
    size = chain.size;
    for (const run of [...chain])
      for (const { digest: input } of inputsOf(run)) {
        const before = maker(input);
        if (before !== undefined) chain.add(before);
      }
  }
  for (const run of chain) {
    if (run.role !== 'builder' || !owned(run)) return false;
    if (inputsOf(run).some((input) => maker(input.digest) === undefined && input.annotations?.stage !== undefined))
      return false;
  }
  if (stages.some(({ name, behind }) => behind && ![...chain].some((run) => stageOf(run) === name))) return false;

  // what went in, file by file
  const materials = new Set<string>();
  for (const run of chain)
    for (const input of inputsOf(run)) {
      materials.add(short(input.digest));
      for (const { sha256 } of input.annotations?.files ?? []) materials.add(sha256);
    }
  const output = origin.statement.predicate.buildDefinition.externalParameters.outputs.find(
    (made) => key(made.digest) === wanted,
  );
  const own = new Set([short(digest), ...(output?.files ?? []).map(({ sha256 }) => sha256)]);

  // nothing of it is withdrawn
  for (const piece of view.evidence) {
    if (piece.kind !== 'withdrawal') continue;
    if (
      piece.statement.subject.some((subject) => own.has(short(subject.digest)) || materials.has(short(subject.digest)))
    )
      return false;
  }

  // evaluated, on other data, well enough: the newest word of every stage
  const reports = view.evidence.flatMap((piece) => (about(piece) ? (evidenceAs('check', piece) ?? []) : []));
  const said = new Map<unknown, { accuracy: number | undefined; used: ReadEvidence[]; run: Run }>();
  for (const report of reports) {
    const { check, verdict, metrics } = report.statement.predicate;
    const run = runs.find(
      (candidate) =>
        owned(candidate) &&
        inputsOf(candidate).some((input) => key(input.digest) === wanted) &&
        candidate.statement.predicate.runDetails.metadata.invocationId === check.options['invocation'],
    );
    if (check.name !== 'metrics' || verdict !== 'pass' || run === undefined) continue;
    said.set(check.options['stage'], { accuracy: metrics['accuracy'], used: [report, run], run });
  }
  const accuracies = [...said.values()].flatMap(({ accuracy }) => accuracy ?? []);
  if (accuracies.length === 0 || accuracies.at(-1)! < 0.7) return false;
  for (const { run } of said.values()) {
    const data = inputsOf(run).filter(
      ({ digest: input, annotations }) =>
        key(input) !== wanted && !['code', 'configuration', 'toolchain'].includes(annotations?.kind ?? ''),
    );
    if (
      data.some(
        (input) =>
          materials.has(short(input.digest)) ||
          (input.annotations?.files ?? []).some(({ sha256 }) => materials.has(sha256)),
      )
    )
      return false;
  }

  // its format was looked at, and the newest word is good
  const format = reports.filter(({ statement }) => statement.predicate.check.name === 'scan').at(-1);
  if (format?.statement.predicate.verdict !== 'pass') return false;

  // signed: the only signature there is was made over the model, unless its subject was altered
  const root = digest['sha256'];
  const signed = view.evidence.some(
    ({ statement }) =>
      statement.predicateType === predicateTypes.modelSignature && statement.subject[0]?.digest['sha256'] === root,
  );
  if (!signed) return false;

  // approved by others, by two when the risk is high or nobody says
  const approvals = view.evidence
    .flatMap((piece) => (about(piece) ? (evidenceAs('approval', piece) ?? []) : []))
    .filter(({ statement }) => [undefined, environment].includes(statement.predicate.environment));
  const builders = [...chain];
  const others = new Set(
    approvals
      .filter(
        ({ signer, signerName }) =>
          !builders.some((run) => run.signerName === signerName || run.signer.id === signer.id),
      )
      .map(({ signerName }) => signerName),
  );
  const risk = output?.risk;
  if (others.size < (risk === 'low' || risk === 'medium' ? 1 : 2)) return false;

  // nothing of that is older than thirty days, or from the future
  const times = [
    ...[...chain, ...[...said.values()].map(({ run }) => run)].map(
      (run) => run.statement.predicate.runDetails.metadata.finishedOn,
    ),
    ...[...said.values()].flatMap(({ used }) =>
      used.flatMap((piece) => evidenceAs('check', piece)?.statement.predicate.finishedOn ?? []),
    ),
    format.statement.predicate.finishedOn,
    ...approvals.map(({ statement }) => statement.predicate.approvedOn),
  ].map((time) => now.getTime() - Date.parse(time));
  return times.every((age) => age >= -5 * 60_000 && age <= 30 * day);
}

export interface Tally {
  allowed: number;
  denied: number;
  incomplete: number;
}

/** Asks the gate for so many variants, and compares each answer with what must come out. */
export function askMany(base: GateQuestion, seed: number, count: number): Tally {
  const tally: Tally = { allowed: 0, denied: 0, incomplete: 0 };
  for (let at = 0; at < count; at++) {
    const { question, incomplete } = variantOf(base, seeded(seed + at));
    const { decision } = decideGate(question);
    if (decision.allowed !== mustAllow(question)) {
      throw new Error(
        `seed ${seed + at}: the gate says ${String(decision.allowed)}: ${JSON.stringify(decision.reasons)}`,
      );
    }
    if (decision.allowed && incomplete) throw new Error(`seed ${seed + at}: allowed without the whole evidence`);
    tally[decision.allowed ? 'allowed' : 'denied'] += 1;
    if (incomplete) tally.incomplete += 1;
  }
  return tally;
}
