import { describe, expect, test } from 'vitest';
import { predicateTypes } from '../src/predicates/types.ts';
import { statementOf } from '../src/statement.ts';
import type { EvidenceView } from '../src/view.ts';
import { approval, keyEvent, openScene, person, problems, replaced } from './scene.ts';

const authority = person('root', ['authority']);
const ann = person('ann', []);
const bob = person('bob', ['builder', 'approver']);

const counted = ({ evidence }: EvidenceView): number[] => evidence.map(({ index }) => index);

describe('a key that is granted a role', () => {
  test('has it from the next entry on', async () => {
    const scene = await openScene([authority]);
    await scene.record(ann, approval('too early'));
    await scene.record(authority, keyEvent('grant', ann, ['approver'], null));
    await scene.record(ann, approval('in time'));
    const view = await scene.view();
    expect(counted(view)).toEqual([1, 2]);
    expect(problems(view.ignored)).toEqual([[0, 'HF_SIGNER_UNKNOWN']]);
    const { id } = ann.signer.publicKey;
    const rolesAt = (index: number) => [...view.trust.rolesAt(id, view.origin, index)];
    expect([rolesAt(0), rolesAt(1), rolesAt(2), rolesAt(99)]).toEqual([[], [], ['approver'], ['approver']]);
    expect([...view.trust.rolesAt(id, 'elsewhere.example', 99)]).toEqual([]);
  });

  test('loses it with the entry that revokes: what came before counts, what comes after does not', async () => {
    const scene = await openScene([authority, bob]);
    await scene.record(bob, approval('before'));
    const { id } = await scene.record(authority, keyEvent('revoke', bob, ['approver'], null));
    await scene.record(bob, approval('after'));
    await scene.record(authority, keyEvent('grant', bob, ['approver'], id));
    await scene.record(bob, approval('again'));
    const view = await scene.view();
    expect(counted(view)).toEqual([0, 1, 3, 4]);
    expect(problems(view.ignored)).toEqual([[2, 'HF_SIGNER_ROLE']]);
    expect(view.trust.nameOf(bob.signer.publicKey.id)).toBe('bob');
  });

  test('may be another authority, and may take the first one’s role', async () => {
    const scene = await openScene([authority]);
    const first = await scene.record(authority, keyEvent('grant', ann, ['authority'], null));
    const second = await scene.record(ann, keyEvent('revoke', authority, ['authority'], first.id));
    await scene.record(authority, keyEvent('revoke', ann, ['authority'], second.id));
    const view = await scene.view();
    expect(counted(view)).toEqual([0, 1]);
    expect(problems(view.ignored)).toEqual([[2, 'HF_SIGNER_ROLE']]);
    expect(view.trust.newestKeyEvent(view.origin)).toBe(second.id);
    expect(view.trust.newestKeyEvent(view.origin, 1)).toBe(first.id);
    expect(view.trust.newestKeyEvent(view.origin, 0)).toBeNull();
  });
});

describe('a grant counts for nothing', () => {
  test('by a key that is no authority, also for itself', async () => {
    const scene = await openScene([authority, bob]);
    await scene.record(bob, keyEvent('grant', ann, ['approver'], null));
    await scene.record(bob, keyEvent('grant', bob, ['authority'], null));
    await scene.record(ann, keyEvent('grant', ann, ['authority'], null));
    await scene.record(ann, approval());
    await scene.record(authority, keyEvent('grant', ann, ['builder'], null));
    const view = await scene.view();
    expect(view.broken).toEqual([]);
    expect(counted(view)).toEqual([4]);
    expect([...view.trust.rolesAt(ann.signer.publicKey.id, view.origin, 99)]).toEqual(['builder']);
  });

  test('of another ledger', async () => {
    const here = await openScene([authority]);
    const there = await openScene([authority], { origin: 'elsewhere.example' });
    const trust = { ...here.trust, ledgers: [...here.trust.ledgers, ...there.trust.ledgers] };
    const grant = keyEvent('grant', ann, ['approver'], null);
    const { id } = await there.record(authority, grant);
    await here.record(authority, grant);
    // Ed25519 signs the same bytes alike, so the evidence has one id in both; its proof is of one ledger only.
    const source = replaced(here.store, { [id]: await there.store.get(id) });
    expect(problems((await here.view({ source, trust })).broken)).toEqual([[0, 'HF_LEAF_MISMATCH']]);
    await here.record(ann, approval());
    await there.record(ann, approval());
    expect(counted(await here.view({ trust }))).toEqual([0, 1]);
  });
});

describe('the chain of key events is broken', () => {
  const first = keyEvent('grant', ann, ['approver'], null);

  test('by one that follows another than the newest', async () => {
    const scene = await openScene([authority]);
    const { id } = await scene.record(authority, first);
    await scene.record(authority, keyEvent('revoke', ann, ['approver'], null));
    await scene.record(authority, keyEvent('revoke', ann, ['approver'], 'ab'.repeat(32)));
    await scene.record(authority, keyEvent('revoke', ann, ['approver'], id));
    const view = await scene.view();
    expect(problems(view.broken)).toEqual([
      [1, 'HF_KEY_EVENT_CHAIN'],
      [2, 'HF_KEY_EVENT_CHAIN'],
    ]);
    expect(view.trust.newestKeyEvent(view.origin)).toBe(view.evidence.at(-1)?.id);
  });

  test('by a gap where one is missing', async () => {
    const scene = await openScene([authority]);
    const { id } = await scene.record(authority, first);
    await scene.record(authority, keyEvent('grant', bob, ['builder'], id));
    const empty = {
      list: () => Promise.resolve([]),
      get: (wanted: string) =>
        wanted === id ? openScene([]).then((none) => none.store.get(id)) : scene.store.get(wanted),
    };
    expect(problems((await scene.view({ source: empty })).broken)).toEqual([
      [0, 'HF_EVIDENCE_GAP'],
      [1, 'HF_KEY_EVENT_CHAIN'],
    ]);
  });

  test.each([
    [
      'whose subject is another key',
      { ...first, subject: [{ name: 'bob', digest: { sha256: bob.signer.publicKey.id } }] },
    ],
    ['with two subjects', { ...first, subject: [...first.subject, ...first.subject] }],
    ['with an unknown role', { ...first, predicate: { ...(first.predicate as object), roles: ['king'] } }],
    ['without roles', { ...first, predicate: { ...(first.predicate as object), roles: [] } }],
    ['with an unknown action', { ...first, predicate: { ...(first.predicate as object), action: 'lend' } }],
    ['with a field that nobody knows', { ...first, predicate: { ...(first.predicate as object), until: '2027' } }],
  ])('by one %s', async (_, statement) => {
    const scene = await openScene([authority]);
    await scene.record(authority, statement);
    await scene.record(ann, approval());
    const view = await scene.view();
    expect(problems(view.broken)).toEqual([[0, 'HF_KEY_EVENT_CHAIN']]);
    expect(problems(view.ignored)).toEqual([[1, 'HF_SIGNER_UNKNOWN']]);
  });

  test('by one whose key is none', async () => {
    const scene = await openScene([authority]);
    const predicate = { ...(first.predicate as object), key: { name: 'ann', publicKey: 'not a key' } };
    await scene.record(authority, statementOf(predicateTypes.keyEvent, first.subject, predicate));
    expect(problems((await scene.view()).broken)).toEqual([[0, 'HF_KEY_FORMAT']]);
  });
});
