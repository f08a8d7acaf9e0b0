import { readdirSync, readFileSync } from 'node:fs';
import { LedgerError, nodeCryptography, openLedgerReader } from '@holdfast/ledger';
import { describe, expect, test } from 'vitest';
import { EvidenceError } from '../src/errors.ts';
import { readEvidence } from '../src/predicates/parse.ts';
import { secondOpinion } from '../src/second-opinion.ts';
import { type EvidenceSource, parseStoredBundle } from '../src/store.ts';
import { parseTrust } from '../src/trust.ts';
import { verifyEvidence } from '../src/verify/evidence.ts';
import { createTrustView } from '../src/verify/trust-view.ts';
import { type EvidenceView, verifyLedger } from '../src/view.ts';
import { problems } from './scene.ts';

// Written once by tools/vectors/make-evidence-vectors.ts; the bundles and the ledgers are not made again here.
interface Vector {
  readonly description: string;
  readonly trust: unknown;
  readonly bundle?: string;
  /** Files of the ledger: the checkpoint as it is, the others in base64. */
  readonly ledger?: Readonly<Record<string, string>>;
  readonly evidence?: Readonly<Record<string, string>>;
  /** Of one that must fail: the code. Of a valid one: what comes out. */
  readonly expect: string | Readonly<Record<string, unknown>>;
}
function vectorsOf(kind: 'valid' | 'must-fail'): { name: string; vector: Vector; description: string }[] {
  const folder = new URL(`../../../spec/vectors/${kind}/evidence/`, import.meta.url);
  return readdirSync(folder).map((file) => {
    const vector = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vector;
    return { name: file.slice(0, -'.json'.length), vector, description: vector.description };
  });
}
const valid = vectorsOf('valid');
const mustFail = vectorsOf('must-fail');

async function verifyBundle({ trust, bundle = '' }: Vector) {
  const view = createTrustView(parseTrust(JSON.stringify(trust)), nodeCryptography);
  return readEvidence(await verifyEvidence(parseStoredBundle(bundle, 'vector'), view, nodeCryptography));
}

async function viewLedger({ trust, ledger = {}, evidence = {} }: Vector): Promise<EvidenceView> {
  const trusted = parseTrust(JSON.stringify(trust));
  const { origin, verifierKeys } = trusted.ledgers[0]!;
  const read = (path: string) => {
    const content = ledger[path];
    return content === undefined ? undefined : Buffer.from(content, path === 'checkpoint' ? 'utf8' : 'base64');
  };
  const tiles = { read: (path: string) => Promise.resolve(read(path)) };
  const reader = await openLedgerReader(tiles, { origin, verifierKeys, requireAll: true });
  const source: EvidenceSource = {
    list: () => Promise.resolve(Object.keys(evidence)),
    async get(id) {
      const text = await Promise.resolve(evidence[id]);
      if (text === undefined) throw new EvidenceError('HF_EVIDENCE_NOT_FOUND', `no \`${id}\``);
      return parseStoredBundle(text, id);
    },
  };
  return verifyLedger(reader, source, trusted, nodeCryptography);
}

/** The code of the first thing that is wrong with a vector. */
async function codeOf(vector: Vector): Promise<string> {
  try {
    if (vector.ledger === undefined) await verifyBundle(vector);
    else return (await viewLedger(vector)).broken[0]?.code ?? 'nothing';
    return 'nothing';
  } catch (error) {
    if (error instanceof EvidenceError || error instanceof LedgerError) return error.code;
    throw error;
  }
}

test('the vectors are all there', () => {
  expect([valid.length, mustFail.length]).toEqual([5, 70]);
});

describe('a valid bundle', () => {
  const bundles = valid.filter(({ vector }) => vector.bundle !== undefined);

  test.each(bundles)('$name verifies: $description', async ({ vector }) => {
    const { id, signerName, role, origin, index, statement } = await verifyBundle(vector);
    const { predicateType } = statement;
    expect({ id, signer: signerName, role, origin, index, predicateType }).toEqual(vector.expect);
  });

  test.each(bundles)('$name is accepted by @sigstore/verify 4.1.3', ({ vector }) => {
    expect(() => {
      secondOpinion(vector.bundle!, parseTrust(JSON.stringify(vector.trust)));
    }).not.toThrow();
  });
});

describe('a valid ledger', () => {
  test.each(valid.filter(({ vector }) => vector.ledger !== undefined))('$name: $description', async ({ vector }) => {
    const { evidence, ignored, broken } = await viewLedger(vector);
    expect(broken).toEqual([]);
    expect({ evidence: evidence.map(({ id }) => id), ignored: problems(ignored) }).toEqual(vector.expect);
  });
});

describe('must fail', () => {
  test.each(mustFail)('$name: $description', async ({ vector }) => {
    expect(await codeOf(vector)).toBe(vector.expect);
  });
});
