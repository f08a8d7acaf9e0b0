import { artifactId } from '@holdfast/evidence';
import type { DeclaredStage } from '@holdfast/policy';
import {
  approvalOf,
  fileThing,
  folderThing,
  memoryView,
  metricsOn,
  modelSignatureOn,
  type Piece,
  type RunDescription,
  reportOn,
  runOf,
  type Thing,
  withdrawalOf,
} from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { ask, complete, declared, denials, evidence, model, now, things } from './gate-scene.ts';

const by = (signer: string, statement: Piece['statement'], more: Partial<Piece> = {}): Piece => ({
  signer,
  statement,
  ...more,
});

/** The training run, described otherwise. */
function training(more: Partial<RunDescription>, signer = 'builder'): Piece {
  return by(
    signer,
    runOf({
      stage: 'train',
      inputs: [
        { thing: things.train, stage: 'prepare' },
        { thing: things.trainer, kind: 'code' },
      ],
      outputs: [{ thing: things.model, kind: 'model', risk: 'medium' }],
      ...more,
    }),
  );
}

function evaluating(more: Partial<RunDescription>, signer = 'builder'): Piece {
  return by(
    signer,
    runOf({
      stage: 'evaluate',
      inputs: [
        { thing: things.model, kind: 'model', stage: 'train' },
        { thing: things.test, stage: 'prepare' },
      ],
      outputs: [{ thing: things.metrics }],
      ...more,
    }),
  );
}

test('the whole evidence is allowed, and says what it is', () => {
  const { decision, gathered } = ask(evidence());
  expect(decision).toMatchObject({ allowed: true, reasons: [] });
  expect(gathered.facts).toMatchObject({
    kind: 'model',
    risk: 'medium',
    provenance: {
      complete: true,
      byOwner: true,
      byBuilder: true,
      isolation: 'none',
      runs: 2,
      stages: ['prepare', 'train'],
      anomalies: 0,
    },
    evaluation: { runs: 1, separate: true },
    metrics: { accuracy: 0.9, recall: 0.5 },
    signature: { valid: true, byTrustedKey: true },
    approval: { count: 1, byOthers: 1 },
    standing: { withdrawn: false, ancestorWithdrawn: false, setAside: false, suspect: false },
    checks: { scan: { verdict: 'pass' } },
  });
  expect(gathered.used.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('each piece that is missing denies, by the rules that speak of it', () => {
  const rules: Record<keyof typeof complete, string[]> = {
    prepare: ['provenance'],
    train: ['by-owner', 'high-risk', 'provenance'],
    evaluate: ['accuracy-floor', 'separate-evaluation'],
    metrics: ['accuracy-floor', 'separate-evaluation'],
    format: ['scanned'],
    signature: ['signed'],
    approval: ['second-person'],
  };
  for (const [name, expected] of Object.entries(rules)) {
    expect([name, denials(evidence({ [name]: undefined }))]).toEqual([name, expected]);
  }
  expect(denials([])).toEqual([
    'accuracy-floor',
    'by-owner',
    'fresh',
    'high-risk',
    'provenance',
    'scanned',
    'second-person',
    'separate-evaluation',
    'signed',
  ]);
});

test('the order in the ledger does not matter where nothing is the newest', () => {
  expect(denials(evidence().toReversed())).toEqual([]);
});

describe('owners', () => {
  test('provenance by another builder than the owner is denied, in every stage', () => {
    expect(denials(evidence({ train: by('rogue', complete.train.statement) }))).toEqual(['by-owner']);
    expect(denials(evidence({ prepare: by('rogue', complete.prepare.statement) }))).toEqual(['by-owner']);
    // an evaluation by nobody's owner measures nothing
    expect(denials(evidence({ evaluate: by('rogue', complete.evaluate.statement) }))).toEqual([
      'accuracy-floor',
      'separate-evaluation',
    ]);
  });

  test("a rogue run beside the owner's does not matter, before or after it", () => {
    const rogue = by(
      'rogue',
      runOf({
        stage: 'train',
        inputs: [{ thing: things.test }],
        outputs: [{ thing: things.model, kind: 'model', risk: 'low' }],
        invocation: 'rogue',
      }),
    );
    expect(denials(evidence({}, rogue))).toEqual([]);
    expect(denials([rogue, ...evidence()])).toEqual([]);
    expect(ask(evidence({}, rogue)).gathered.facts.risk).toBe('medium');
  });

  test("a stage without an owner takes any builder; one that is not declared is nobody's", () => {
    const free = declared.map((stage) => ({ ...stage, owner: null }));
    const rogue = evidence({
      train: by('rogue', complete.train.statement),
      evaluate: by('rogue', complete.evaluate.statement),
    });
    expect(denials(rogue, { stages: free })).toEqual([]);
    expect(denials(rogue, { stages: declared.filter(({ name }) => name !== 'train') })).toContain('by-owner');
    const slipped = training({ stage: 'improve' });
    expect(denials(evidence({ train: slipped }))).toEqual(['by-owner', 'provenance']);
  });

  test("an owner's run that carries the name of another stage does not stand for it", () => {
    expect(denials(evidence({ train: training({ stage: 'evaluate' }) }))).toEqual(['provenance']);
  });

  test('a signer who was no builder does not count as one', () => {
    expect(denials(evidence({ train: { ...complete.train, role: 'checker' } }))).toEqual(['provenance']);
  });
});

describe('lineage', () => {
  /** A diamond: raw → a, b → joined → model. */
  const diamond = (
    leave: readonly string[] = [],
  ): { pieces: readonly Piece[]; stages: readonly DeclaredStage[]; target: Thing } => {
    const [raw, a, b, joined, target] = ['raw', 'a', 'b', 'joined', 'target'].map((name) => fileThing(name, name)) as [
      Thing,
      Thing,
      Thing,
      Thing,
      Thing,
    ];
    const runs: Record<string, RunDescription> = {
      left: { stage: 'left', inputs: [{ thing: raw, stage: 'fetch' }], outputs: [{ thing: a }] },
      right: { stage: 'right', inputs: [{ thing: raw, stage: 'fetch' }], outputs: [{ thing: b }] },
      fetch: { stage: 'fetch', outputs: [{ thing: raw }] },
      join: {
        stage: 'join',
        inputs: [
          { thing: a, stage: 'left' },
          { thing: b, stage: 'right' },
        ],
        outputs: [{ thing: joined }],
      },
      fit: {
        stage: 'fit',
        inputs: [
          { thing: joined, stage: 'join' },
          { thing: a, stage: 'left' },
        ],
        outputs: [{ thing: target }],
      },
    };
    const pieces = Object.entries(runs).flatMap(([name, run]) =>
      leave.includes(name) ? [] : [by('builder', runOf(run))],
    );
    return { pieces, target, stages: Object.keys(runs).map((name) => ({ name, owner: 'builder', behind: true })) };
  };
  const provenance = (leave: readonly string[], more: { stages?: readonly DeclaredStage[] } = {}) => {
    const { pieces, target, stages } = diamond(leave);
    return ask(pieces, { digest: target.digest, stages: more.stages ?? stages }).gathered;
  };

  test('a diamond is walked once, and completely', () => {
    const { facts, lineage } = provenance([]);
    expect(facts.provenance).toMatchObject({
      complete: true,
      runs: 5,
      stages: ['fetch', 'fit', 'join', 'left', 'right'],
    });
    expect(lineage.missing).toEqual([]);
    expect([...lineage.materials].toSorted()).toEqual(
      ['raw', 'a', 'b', 'joined'].map((name) => artifactId(fileThing(name, name).digest)).toSorted(),
    );
  });

  test('each link that is missing is noticed, declared or not', () => {
    for (const name of ['left', 'right', 'fetch', 'join']) {
      expect([name, provenance([name]).facts.provenance?.complete]).toEqual([name, false]);
      expect(provenance([name], { stages: [] }).facts.provenance?.complete).toBe(false);
      expect(provenance([name]).lineage.missing.length).toBeGreaterThan(0);
    }
    expect(provenance(['fit']).facts.provenance).toBeUndefined();
  });

  test('a declared stage that ran beside the artifact, not behind it, does not stand behind it', () => {
    const { pieces, target, stages } = diamond();
    const aside = by(
      'builder',
      runOf({ stage: 'review', inputs: [{ thing: target, stage: 'fit' }], outputs: [{ thing: fileThing('r', 'r') }] }),
    );
    const withReview = [...stages, { name: 'review', owner: 'builder', behind: true }];
    expect(
      ask([...pieces, aside], { digest: target.digest, stages: withReview }).gathered.facts.provenance?.complete,
    ).toBe(false);
  });

  test('a run that made what it read is walked once', () => {
    const loop = by(
      'builder',
      runOf({
        stage: 'train',
        inputs: [{ thing: things.model, stage: 'train' }],
        outputs: [{ thing: things.model, kind: 'model' }],
      }),
    );
    expect(ask([loop]).gathered.facts.provenance?.runs).toBe(1);
    const forth = by(
      'builder',
      runOf({ stage: 'a', inputs: [{ thing: things.train, stage: 'b' }], outputs: [{ thing: things.model }] }),
    );
    const back = by(
      'builder',
      runOf({ stage: 'b', inputs: [{ thing: things.model, stage: 'a' }], outputs: [{ thing: things.train }] }),
    );
    expect(ask([forth, back]).gathered.facts.provenance?.runs).toBe(2);
  });

  test('a dependency with other bytes than the stage before wrote is a missing link', () => {
    const other = training({ inputs: [{ thing: fileThing('build/train.csv', 'poisoned'), stage: 'prepare' }] });
    expect(denials(evidence({ train: other }))).toEqual(['provenance']);
    // and so it is when the run does not say that a stage made it: a declared stage is not behind
    const hidden = training({ inputs: [{ thing: fileThing('build/train.csv', 'poisoned') }] });
    expect(denials(evidence({ train: hidden }))).toEqual(['provenance']);
  });

  test('a file of a folder that a stage wrote comes from that stage: at its path, with its bytes', () => {
    const folder = folderThing('build/data', { 'train.csv': 'train', 'test.csv': 'test' });
    const prepare = by(
      'builder',
      runOf({ stage: 'prepare', inputs: [{ thing: things.raw }], outputs: [{ thing: folder }] }),
    );
    const file = (path: string, content: string, stage = 'prepare') =>
      training({ inputs: [{ thing: fileThing(path, content), stage }] });
    const over = (train: Piece) =>
      denials(
        evidence({
          prepare,
          train,
          evaluate: evaluating({
            inputs: [{ thing: things.model, kind: 'model' }, { thing: fileThing('build/data/test.csv', 'test') }],
          }),
        }),
      );
    expect(over(file('build/data/train.csv', 'train'))).toEqual([]);
    expect(over(file('build/data/train.csv', 'other'))).toEqual(['provenance']);
    expect(over(file('build/data/test.csv', 'train'))).toEqual(['provenance']);
    expect(over(file('elsewhere/train.csv', 'train'))).toEqual(['provenance']);
    expect(over(file('build/data/train.csv', 'train', 'fetch'))).toEqual(['provenance']);
    // by the owner of the stage, as always
    expect(
      denials(evidence({ prepare: { ...prepare, signer: 'rogue' }, train: file('build/data/train.csv', 'train') })),
    ).toContain('by-owner');
  });

  test('a model with the bytes of another under other names is another model', () => {
    const renamed = folderThing('build/model', { 'model.bin': 'weights', 'card.md': 'card' });
    expect(denials(evidence(), { digest: renamed.digest })).toEqual(denials([]));
  });

  test('the weakest isolation and all anomalies are counted', () => {
    const prepare = by(
      'builder',
      runOf({
        stage: 'prepare',
        outputs: [{ thing: things.train }],
        isolation: 'container',
        anomalies: ['more memory'],
      }),
    );
    const { facts } = ask(
      evidence({ prepare, train: training({ isolation: 'vm', anomalies: ['slower', 'larger'] }) }),
    ).gathered;
    expect(facts.provenance).toMatchObject({ isolation: 'container', anomalies: 3 });
  });
});

describe('evaluation on what was trained on', () => {
  const trainedOn = (...inputs: readonly Thing[]): Piece =>
    training({ inputs: [...inputs.map((thing) => ({ thing })), { thing: things.train, stage: 'prepare' }] });
  const evaluatedOn = (...inputs: readonly Thing[]): Piece =>
    evaluating({
      inputs: [{ thing: things.model, kind: 'model', stage: 'train' }, ...inputs.map((thing) => ({ thing }))],
    });
  const inside = folderThing('build/all', { 'rows.csv': 'test', 'other.csv': 'other' });

  test('the same file, under its name or another', () => {
    expect(denials(evidence({ train: trainedOn(things.test) }))).toEqual(['separate-evaluation']);
    expect(denials(evidence({ train: trainedOn(fileThing('copy.csv', 'test')) }))).toEqual(['separate-evaluation']);
    expect(denials(evidence({ evaluate: evaluatedOn(things.train) }))).toEqual(['separate-evaluation']);
  });

  test('anywhere in the lineage, not only at its end', () => {
    expect(denials(evidence({ evaluate: evaluatedOn(things.raw) }))).toEqual(['separate-evaluation']);
  });

  test('the file inside a folder that was trained on, and the other way round', () => {
    expect(denials(evidence({ train: trainedOn(inside) }))).toEqual(['separate-evaluation']);
    expect(denials(evidence({ train: trainedOn(fileThing('x', 'other')), evaluate: evaluatedOn(inside) }))).toEqual([
      'separate-evaluation',
    ]);
    expect(denials(evidence({ train: trainedOn(inside), evaluate: evaluatedOn(inside) }))).toEqual([
      'separate-evaluation',
    ]);
    const overlap = folderThing('other/place', { 'a/b.csv': 'other', 'c.csv': 'new' });
    expect(denials(evidence({ train: trainedOn(inside), evaluate: evaluatedOn(overlap) }))).toEqual([
      'separate-evaluation',
    ]);
  });

  test('a copy inside the model does not hide it', () => {
    const stuffed = folderThing('build/model', { 'model.onnx': 'weights', 'notes.txt': 'test' });
    const pieces = evidence({
      train: training({
        inputs: [{ thing: things.test }, { thing: things.train, stage: 'prepare' }],
        outputs: [{ thing: stuffed, kind: 'model', risk: 'medium' }],
      }),
      evaluate: evaluating({ inputs: [{ thing: stuffed, kind: 'model' }, { thing: things.test }] }),
      metrics: by('checker', metricsOn(stuffed.digest, { accuracy: 0.9 })),
      format: by('checker', reportOn(stuffed.digest, { check: 'scan' })),
      signature: by('builder', modelSignatureOn(stuffed)),
      approval: by('approver', approvalOf(stuffed.digest)),
    });
    expect(denials(pieces, { digest: stuffed.digest })).toEqual(['separate-evaluation']);
  });

  test('code and configuration that both use is no data; the model that is evaluated is not either', () => {
    const shared = { thing: fileThing('table.py', 'shared'), kind: 'code' };
    const settings = { thing: fileThing('settings.yaml', 'shared too'), kind: 'configuration' };
    const train = training({ inputs: [{ thing: things.train, stage: 'prepare' }, shared, settings] });
    expect(
      denials(
        evidence({
          train,
          evaluate: evaluating({
            inputs: [{ thing: things.model, kind: 'model' }, { thing: things.test }, shared, settings],
          }),
        }),
      ),
    ).toEqual([]);
  });

  test('of one of two evaluations', () => {
    const second = evaluating({
      stage: 'stress',
      inputs: [{ thing: things.model, kind: 'model' }, { thing: things.train }],
    });
    const stages = [...declared, { name: 'stress', owner: 'builder', behind: false }];
    const metrics = by('checker', metricsOn(model, { robustness: 0.4 }, { stage: 'stress' }));
    expect(denials(evidence({}, second, metrics), { stages })).toEqual(['separate-evaluation']);
    expect(denials([second, metrics, ...evidence()], { stages })).toEqual(['separate-evaluation']);
    expect(ask(evidence({}, second, metrics), { stages }).gathered.facts).toMatchObject({
      evaluation: { runs: 2 },
      metrics: { accuracy: 0.9, robustness: 0.4 },
    });
  });
});

describe('metrics', () => {
  const report = (metrics: Record<string, number>, more: Parameters<typeof metricsOn>[2] = {}): Piece =>
    by('checker', metricsOn(model, metrics, more));

  test('count with the run that measured them only', () => {
    expect(denials(evidence({ metrics: report({ accuracy: 0.9 }, { invocation: 'another' }) }))).toEqual([
      'accuracy-floor',
      'separate-evaluation',
    ]);
    expect(
      denials(evidence({ metrics: by('checker', reportOn(model, { check: 'metrics', metrics: { accuracy: 0.9 } })) })),
    ).toEqual(['accuracy-floor', 'separate-evaluation']);
    // a run that did not read the model cannot have evaluated it
    expect(denials(evidence({ evaluate: evaluating({ inputs: [{ thing: things.test }] }) }))).toEqual([
      'accuracy-floor',
      'separate-evaluation',
    ]);
  });

  test('about other bytes do not count', () => {
    expect(denials(evidence({ metrics: by('checker', metricsOn(things.test.digest, { accuracy: 0.9 })) }))).toEqual([
      'accuracy-floor',
      'separate-evaluation',
    ]);
  });

  test('below the floor are denied, by a hair too', () => {
    expect(denials(evidence({ metrics: report({ accuracy: 0.7 }) }))).toEqual([]);
    expect(denials(evidence({ metrics: report({ accuracy: 0.69999999 }) }))).toEqual(['accuracy-floor']);
    expect(denials(evidence({ metrics: report({ accuracy: -1 }) }))).toEqual(['accuracy-floor']);
    expect(denials(evidence({ metrics: report({ recall: 1 }) }))).toEqual(['accuracy-floor']);
  });

  test('with another verdict than pass do not count', () => {
    for (const verdict of ['warn', 'fail', 'unknown'] as const) {
      expect(denials(evidence({ metrics: report({ accuracy: 0.9 }, { verdict }) }))).toEqual([
        'accuracy-floor',
        'separate-evaluation',
      ]);
    }
  });

  test('of a stage: the newest count, better or worse', () => {
    const again = evaluating({ invocation: 'evaluate-2' });
    const worse = report({ accuracy: 0.3 }, { invocation: 'evaluate-2' });
    expect(denials(evidence({}, again, worse))).toEqual(['accuracy-floor']);
    expect(
      denials(
        evidence(
          { metrics: report({ accuracy: 0.3 }) },
          again,
          report({ accuracy: 0.9 }, { invocation: 'evaluate-2' }),
        ),
      ),
    ).toEqual([]);
  });
});

describe('approvals', () => {
  test("by the trainer do not count, nor by another key of the trainer's name", () => {
    expect(denials(evidence({ approval: by('builder', approvalOf(model)) }))).toEqual(['second-person']);
    expect(denials(evidence({ approval: by('builder', approvalOf(model), { key: 'second key' }) }))).toEqual([
      'second-person',
    ]);
    // the same key under another name
    expect(denials(evidence({ approval: by('approver', approvalOf(model), { key: 'builder' }) }))).toEqual([
      'second-person',
    ]);
    expect(ask(evidence({ approval: by('builder', approvalOf(model)) })).gathered.facts.approval).toEqual({
      count: 1,
      byOthers: 0,
    });
  });

  test('by whoever prepared the data do not count either', () => {
    const stages = declared.map((stage) => ({ ...stage, owner: null }));
    const prepare = by('approver', complete.prepare.statement);
    expect(denials(evidence({ prepare }), { stages })).toEqual(['second-person']);
  });

  test('for another environment, or of other bytes, do not count', () => {
    expect(denials(evidence({ approval: by('approver', approvalOf(model, { environment: 'staging' })) }))).toEqual([
      'second-person',
    ]);
    expect(denials(evidence({ approval: by('approver', approvalOf(model, { environment: 'production' })) }))).toEqual(
      [],
    );
    expect(denials(evidence({ approval: by('approver', approvalOf(things.test.digest)) }))).toEqual(['second-person']);
    const half = { sha256: model['sha256'] ?? '' };
    expect(denials(evidence({ approval: by('approver', approvalOf(half)) }))).toEqual(['second-person']);
  });

  test('are counted by people: two of one name are one', () => {
    const train = training({ outputs: [{ thing: things.model, kind: 'model', risk: 'high' }] });
    const twice = [by('approver', approvalOf(model), { key: 'other key' }), by('approver', approvalOf(model))];
    expect(denials(evidence({ train }))).toEqual(['high-risk']);
    expect(denials(evidence({ train }, ...twice))).toEqual(['high-risk']);
    expect(denials(evidence({ train }, by('second', approvalOf(model))))).toEqual([]);
    expect(denials(evidence({ train: training({ outputs: [{ thing: things.model, kind: 'model' }] }) }))).toEqual([
      'high-risk',
    ]);
  });
});

describe('withdrawals', () => {
  const withdrawn = (digest: Thing['digest']): string[] => denials(evidence({}, by('approver', withdrawalOf(digest))));

  test('of the model, of what it was made from, and of files inside', () => {
    expect(withdrawn(model)).toEqual(['withdrawn']);
    expect(withdrawn(things.raw.digest)).toEqual(['withdrawn']);
    expect(withdrawn(things.train.digest)).toEqual(['withdrawn']);
    expect(withdrawn(things.trainer.digest)).toEqual(['withdrawn']);
    expect(withdrawn(fileThing('model.onnx', 'weights').digest)).toEqual(['withdrawn']);
  });

  test('say which of both', () => {
    const standing = (digest: Thing['digest']) =>
      ask(evidence({}, by('approver', withdrawalOf(digest)))).gathered.facts.standing;
    expect(standing(model)).toEqual({ withdrawn: true, ancestorWithdrawn: false, setAside: false, suspect: false });
    expect(standing(things.raw.digest)).toEqual({
      withdrawn: false,
      ancestorWithdrawn: true,
      setAside: false,
      suspect: false,
    });
    expect(standing(things.evaluator.digest)).toEqual({
      withdrawn: false,
      ancestorWithdrawn: false,
      setAside: false,
      suspect: false,
    });
  });

  test('are named by the decision that they caused, and no other withdrawal is', () => {
    const about = [things.raw.digest, fileThing('other', 'other').digest, model];
    const { gathered } = ask(evidence({}, ...about.map((digest) => by('approver', withdrawalOf(digest)))));
    expect(gathered.used.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9]);
  });

  test('of a file in a folder that was trained on', () => {
    const folder = folderThing('data/all', { 'a.csv': 'a', 'b.csv': 'b' });
    const train = training({ inputs: [{ thing: folder }, { thing: things.train, stage: 'prepare' }] });
    expect(denials(evidence({ train }, by('approver', withdrawalOf(fileThing('b.csv', 'b').digest))))).toEqual([
      'withdrawn',
    ]);
    expect(denials(evidence({ train }, by('approver', withdrawalOf(folder.digest))))).toEqual(['withdrawn']);
  });

  test('hold before and after everything else, and cannot be taken back by an approval', () => {
    const withdrawal = by('approver', withdrawalOf(model));
    expect(denials([withdrawal, ...evidence()])).toEqual(['withdrawn']);
    expect(denials(evidence({}, withdrawal, by('second', approvalOf(model))))).toEqual(['withdrawn']);
  });

  test('of something else do not matter', () => {
    expect(withdrawn(fileThing('other', 'other').digest)).toEqual([]);
    expect(withdrawn(folderThing('build/model', { 'model.bin': 'weights', 'card.md': 'card' }).digest)).toEqual([]);
  });
});

describe('reports of checks', () => {
  const report = (verdict: 'pass' | 'warn' | 'fail' | 'unknown', more: object = {}): Piece =>
    by('checker', reportOn(model, { check: 'scan', verdict, ...more }));

  test('anything but pass denies', () => {
    for (const verdict of ['warn', 'fail', 'unknown'] as const)
      expect(denials(evidence({ format: report(verdict) }))).toEqual(['scanned']);
  });

  test('the newest counts', () => {
    expect(denials(evidence({}, report('fail')))).toEqual(['scanned']);
    expect(denials(evidence({}, report('fail'), report('pass')))).toEqual([]);
    expect(denials(evidence({}, report('unknown')))).toEqual(['scanned']);
  });

  test('of other bytes, or of a part of the artifact, do not count', () => {
    expect(denials(evidence({ format: by('checker', reportOn(things.test.digest, { check: 'scan' })) }))).toEqual([
      'scanned',
    ]);
    expect(
      denials(evidence({ format: by('checker', reportOn(fileThing('m', 'weights').digest, { check: 'scan' })) })),
    ).toEqual(['scanned']);
    expect(
      denials(evidence({}, by('checker', reportOn(things.test.digest, { check: 'scan', verdict: 'fail' })))),
    ).toEqual([]);
  });
});

describe('age', () => {
  const late = (ms: number): Date => new Date(Date.parse('2026-11-20T10:00:00.000Z') + ms);
  const hour = 3_600_000;

  test('the oldest piece counts, in hours begun', () => {
    expect(denials(evidence(), { now: late(720 * hour) })).toEqual([]);
    expect(denials(evidence(), { now: late(720 * hour + 1) })).toEqual(['fresh']);
    const old = by('approver', approvalOf(model, { approvedOn: '2026-10-01T00:00:00.000Z' }));
    expect(denials(evidence({ approval: old }))).toEqual(['fresh']);
  });

  test('evidence from the future leaves no age to be told', () => {
    expect(denials(evidence(), { now: late(-5 * 60_000) })).toEqual([]);
    expect(denials(evidence(), { now: late(-5 * 60_000 - 1) })).toEqual(['fresh']);
    const future = by('approver', approvalOf(model, { approvedOn: '2026-11-20T12:00:00.000Z' }));
    expect(denials(evidence({ approval: future }), { now })).toEqual(['fresh']);
  });

  test('a time that is none leaves no age to be told', () => {
    expect(denials(evidence({ train: training({ finishedOn: 'yesterday' }) }))).toEqual(['fresh']);
  });

  test('evidence that is not used does not age the rest', () => {
    const other = by(
      'checker',
      reportOn(things.test.digest, { check: 'scan', finishedOn: '2020-01-01T00:00:00.000Z' }),
    );
    expect(denials([other, ...evidence()])).toEqual([]);
  });
});

describe('signatures', () => {
  test('of a folder with the same bytes under other names do not count', () => {
    const renamed = folderThing('m', { 'model.bin': 'weights', 'card.md': 'card' });
    expect(denials(evidence({ signature: by('builder', modelSignatureOn(renamed)) }))).toEqual(['signed']);
  });

  test("whose subject is not their manifest's do not count", () => {
    const { statement } = complete.signature;
    const forged = { ...statement, subject: [{ digest: { sha256: 'ab'.repeat(32) } }] };
    expect(denials(evidence({ signature: by('builder', forged) }))).toEqual(['signed']);
    const two = { ...statement, subject: [...statement.subject, { digest: { sha256: 'ab'.repeat(32) } }] };
    expect(denials(evidence({ signature: by('builder', two) }))).toEqual(['signed']);
  });

  test('of a part of the model do not count', () => {
    expect(
      denials(evidence({ signature: by('builder', modelSignatureOn(fileThing('model.onnx', 'weights'))) })),
    ).toEqual(['signed']);
    expect(
      denials(evidence({ signature: by('builder', modelSignatureOn(folderThing('m', { 'model.onnx': 'weights' }))) })),
    ).toEqual(['signed']);
  });
});

test('an artifact that is a single file', () => {
  const file = fileThing('model.onnx', 'weights');
  const pieces: Record<string, Piece> = {
    prepare: complete.prepare,
    train: training({ outputs: [{ thing: file, kind: 'model', risk: 'low' }] }),
    evaluate: evaluating({ inputs: [{ thing: file, kind: 'model', stage: 'train' }, { thing: things.test }] }),
    metrics: by('checker', metricsOn(file.digest, { accuracy: 0.8 })),
    format: by('checker', reportOn(file.digest, { check: 'scan' })),
    signature: by('builder', modelSignatureOn(file)),
    approval: by('approver', approvalOf(file.digest)),
  };
  const digest = file.digest;
  expect(denials(Object.values(pieces), { digest, name: 'model.onnx' })).toEqual([]);
  for (const name of Object.keys(pieces)) {
    const without = Object.entries(pieces).flatMap(([other, piece]) => (other === name ? [] : [piece]));
    expect([name, denials(without, { digest }).length > 0]).toEqual([name, true]);
  }
  // a folder that holds nothing but this file is something else
  const folder = folderThing('model', { 'model.onnx': 'weights' });
  expect(
    denials([...Object.values(pieces).slice(0, -1), by('approver', approvalOf(folder.digest))], { digest }),
  ).toEqual(['second-person']);
  expect(
    denials(
      [
        ...Object.values(pieces).filter((piece) => piece !== pieces['signature']),
        by('builder', modelSignatureOn(folder)),
      ],
      { digest },
    ),
  ).toEqual(['signed']);
});

test('what the gate saw to be changed on disk denies, whatever the policy says', () => {
  const { decision } = ask(evidence(), { changed: ['`data/raw.csv` is not what `prepare` read'] });
  expect(decision.allowed).toBe(false);
  expect(decision.reasons).toEqual([
    {
      policy: 'unchanged',
      message: '`data/raw.csv` is not what `prepare` read',
      fix: expect.stringContaining('holdfast run') as string,
    },
  ]);
});

test('a ledger in which something does not verify denies', () => {
  const broken = [{ index: 3, id: 'ab', code: 'HF_LEAF_MISMATCH', message: 'not what the ledger holds' }] as const;
  expect(denials(evidence(), { view: { ...memoryView(evidence()), broken } })).toEqual(['evidence-verifies']);
});
