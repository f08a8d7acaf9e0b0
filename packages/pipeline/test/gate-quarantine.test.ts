import { predicateSchemas, predicateTypes, type Statement, statementOf } from '@holdfast/evidence';
import { fileThing, type Piece, reportOn, runOf, type Thing } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { ask, complete, declared, denials, evidence, things } from './gate-scene.ts';

const kept = fileThing('data/kept.csv', 'kept');
const aside = fileThing('data/aside.csv', 'aside');

const by = (signer: string, statement: Statement): Piece => ({ signer, statement });
const poisoned = (thing: Thing, verdict: 'pass' | 'fail' | 'warn' | 'unknown' = 'fail'): Piece =>
  by('checker', reportOn(thing.digest, { check: 'data.poison', verdict }));

function quarantineOf(from: Thing, left: Thing, out: Thing): Statement {
  return statementOf(
    predicateTypes.quarantine,
    [{ digest: out.digest }],
    predicateSchemas.quarantine.parse({
      operation: { name: 'data.quarantine', version: '1' },
      from: { name: from.path, digest: from.digest, rows: 10 },
      kept: { digest: left.digest, rows: 7 },
      setAside: { rows: 3 },
    }),
  );
}

/** The operation that sets rows of the raw data aside. */
const quarantined = [
  by(
    'builder',
    runOf({
      stage: 'data.quarantine',
      inputs: [{ thing: things.raw }],
      outputs: [{ thing: kept }, { thing: aside }],
    }),
  ),
  by('checker', quarantineOf(things.raw, kept, aside)),
];

const preparedFrom = (...read: Thing[]): Piece => ({
  ...complete.prepare,
  statement: runOf({
    stage: 'prepare',
    inputs: [...read.map((thing) => ({ thing })), { thing: things.prepare, kind: 'code' }],
    outputs: [{ thing: things.train }, { thing: things.test }],
  }),
});

const operations = [...declared, { name: 'data.quarantine', owner: 'builder', behind: false }];

describe('data in which something seems planted', () => {
  test('stop what was made from them, however long ago', () => {
    expect(denials(evidence({}, poisoned(things.raw)))).toEqual(['planted']);
    expect(denials([poisoned(things.raw), ...evidence()])).toEqual(['planted']);
    expect(denials(evidence({}, poisoned(things.train)))).toEqual(['planted']);
    expect(denials(evidence({}, poisoned(fileThing('other', 'other'))))).toEqual([]);
  });

  test('by the newest report on them; one that only warns is for the policy to judge', () => {
    expect(denials(evidence({}, poisoned(things.raw), poisoned(things.raw, 'pass')))).toEqual([]);
    expect(denials(evidence({}, poisoned(things.raw, 'pass'), poisoned(things.raw)))).toEqual(['planted']);
    expect(denials(evidence({}, poisoned(things.raw, 'warn')))).toEqual([]);
  });

  test('are evidence that the decision names', () => {
    const { gathered } = ask(evidence({}, poisoned(things.raw)));
    expect(gathered.facts.standing).toMatchObject({ suspect: true, setAside: false });
    expect(gathered.used.map(({ index }) => index)).toContain(7);
  });
});

describe('rows that were set aside', () => {
  test('leave others that may be used, where the operation is declared', () => {
    const pieces = evidence({ prepare: preparedFrom(kept) }, poisoned(things.raw), ...quarantined);
    expect(denials(pieces, { stages: operations })).toEqual([]);
    expect(denials(pieces)).toEqual(['by-owner']);
    const others = operations.map((stage) => (stage.name === 'data.quarantine' ? { ...stage, owner: 'else' } : stage));
    expect(denials(pieces, { stages: others })).toEqual(['by-owner']);
  });

  test('stop what was made from them, and from a mixture', () => {
    const ask = (...read: Thing[]) =>
      denials(evidence({ prepare: preparedFrom(...read) }, poisoned(things.raw), ...quarantined), {
        stages: operations,
      });
    expect(ask(aside)).toEqual(['planted']);
    expect(ask(kept, aside)).toEqual(['planted']);
    expect(ask(kept, things.raw)).toEqual(['planted']);
  });

  test('do not free data that failed once more', () => {
    const pieces = evidence({ prepare: preparedFrom(kept) }, poisoned(things.raw), ...quarantined, poisoned(kept));
    expect(denials(pieces, { stages: operations })).toEqual(['planted']);
  });

  test('free nothing where only the run says so, or the statement is about other data', () => {
    const [run] = quarantined;
    const prepare = preparedFrom(kept);
    const without = evidence({ prepare }, poisoned(things.raw), ...(run === undefined ? [] : [run]));
    expect(denials(without, { stages: operations })).toEqual(['planted']);
    const other = by('checker', quarantineOf(fileThing('other', 'other'), kept, aside));
    expect(denials([...without, other], { stages: operations })).toEqual(['planted']);
  });
});
