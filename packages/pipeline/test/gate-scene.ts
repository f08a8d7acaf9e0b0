import {
  type DeclaredStage,
  decideGate,
  defaultPolicy,
  type GateOutcome,
  type GateQuestion,
  type LoadedPolicy,
  loadPolicy,
} from '@holdfast/policy';
import {
  approvalOf,
  fileThing,
  folderThing,
  memoryKey,
  memoryView,
  metricsOn,
  modelSignatureOn,
  type Piece,
  reportOn,
  runOf,
  type Thing,
} from '@holdfast/testkit';

/** Everything that the tiny pipeline makes and reads, as digests. */
export const things = {
  raw: fileThing('data/raw.csv', 'raw'),
  prepare: fileThing('prepare.sh', 'prepare'),
  train: fileThing('build/train.csv', 'train'),
  test: fileThing('build/test.csv', 'test'),
  trainer: fileThing('train.sh', 'trainer'),
  model: folderThing('build/model', { 'model.onnx': 'weights', 'card.md': 'card' }),
  evaluator: fileThing('evaluate.sh', 'evaluator'),
  metrics: fileThing('build/metrics.json', 'metrics'),
} as const satisfies Record<string, Thing>;

export const model = things.model.digest;

/** The pieces of evidence that its gate asks for, each by a name. */
export const complete = {
  prepare: {
    signer: 'builder',
    statement: runOf({
      stage: 'prepare',
      inputs: [{ thing: things.raw }, { thing: things.prepare, kind: 'code' }],
      outputs: [{ thing: things.train }, { thing: things.test }],
    }),
  },
  train: {
    signer: 'builder',
    statement: runOf({
      stage: 'train',
      inputs: [
        { thing: things.train, stage: 'prepare' },
        { thing: things.trainer, kind: 'code' },
      ],
      outputs: [{ thing: things.model, kind: 'model', risk: 'medium' }],
    }),
  },
  evaluate: {
    signer: 'builder',
    statement: runOf({
      stage: 'evaluate',
      inputs: [
        { thing: things.model, kind: 'model', stage: 'train' },
        { thing: things.test, stage: 'prepare' },
        { thing: things.evaluator, kind: 'code' },
      ],
      outputs: [{ thing: things.metrics }],
    }),
  },
  metrics: { signer: 'checker', statement: metricsOn(model, { accuracy: 0.9, recall: 0.5 }) },
  format: { signer: 'checker', statement: reportOn(model, { check: 'scan' }) },
  signature: { signer: 'builder', statement: modelSignatureOn(things.model) },
  approval: { signer: 'approver', statement: approvalOf(model) },
} as const satisfies Record<string, Piece>;

export type PieceName = keyof typeof complete;
export const pieceNames = Object.keys(complete) as PieceName[];

/** The stages as `holdfast.yaml` declares them. */
export const declared: readonly DeclaredStage[] = [
  { name: 'prepare', owner: 'builder', behind: true },
  { name: 'train', owner: 'builder', behind: true },
  { name: 'evaluate', owner: 'builder', behind: false },
];

const texts = [
  {
    name: 'policy/production.cedar',
    text: defaultPolicy({ floors: { accuracy: 0.7 }, checks: ['scan'], maxAgeHours: 720 }),
  },
];
export const policy: LoadedPolicy = loadPolicy({ texts, knownChecks: ['scan'] });

/** An hour after everything was made. */
export const now = new Date('2026-11-20T11:00:00.000Z');

export function questionOf(pieces: readonly Piece[], more: Partial<GateQuestion> = {}): GateQuestion {
  return {
    digest: model,
    name: 'build/model',
    principal: { id: memoryKey('builder').id, name: 'builder', roles: ['builder'] },
    action: 'deploy',
    environment: 'production',
    policy,
    texts,
    view: memoryView(pieces),
    stages: declared,
    now,
    changed: [],
    ...more,
  };
}

export function ask(pieces: readonly Piece[], more: Partial<GateQuestion> = {}): GateOutcome {
  return decideGate(questionOf(pieces, more));
}

/** The complete evidence with pieces taken out, put in another's place, or added at the end. */
export function evidence(
  changes: Partial<Record<PieceName, Piece | undefined>> = {},
  ...added: readonly Piece[]
): readonly Piece[] {
  const kept = pieceNames.flatMap((name): readonly Piece[] => {
    const piece: Piece | undefined = name in changes ? changes[name] : complete[name];
    return piece === undefined ? [] : [piece];
  });
  return [...kept, ...added];
}

/** The ids of the rules that deny, sorted; empty when it is allowed. */
export function denials(pieces: readonly Piece[], more: Partial<GateQuestion> = {}): string[] {
  const { decision } = ask(pieces, more);
  const ids = decision.reasons.map((reason) => reason.policy);
  if (decision.allowed !== (ids.length === 0)) throw new Error('the answer and its reasons disagree');
  return [...new Set(ids)].sort();
}
