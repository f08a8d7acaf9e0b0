import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createTrustView,
  generatePrivateKey,
  keySigner,
  openEvidenceStore,
  parseStoredBundle,
  predicateTypes,
  recordEvidence,
  serialiseBundle,
  signStatement,
  statementOf,
  type Trust,
  verifyEvidence,
  verifyLedger,
} from '@holdfast/evidence';
import { askSigstore } from '@holdfast/evidence/second-opinion';
import {
  createLedger,
  ed25519Signer,
  folderSource,
  mlDsa44Cosigner,
  nodeCryptography,
  openLedgerReader,
} from '@holdfast/ledger';

const entries = 1000;
const verifications = 2000;
const warmUp = 200;
const ledgerRounds = 5;
const origin = 'bench.example';

export interface EvidenceRow {
  readonly case: string;
  readonly value: number;
  readonly unit: string;
}

/**
 * One bundle from text to verdict, trust file included and nothing remembered, in turn with `@sigstore/verify` on the
 * same text; then a whole ledger with its evidence, read from disk.
 */
export async function run(): Promise<{ name: string; rows: EvidenceRow[] }> {
  const folder = mkdtempSync(join(process.env['HOLDFAST_BENCH_FOLDER'] ?? tmpdir(), 'holdfast-bench-'));
  try {
    const scene = await makeLedger(folder);
    const [classic, ...all] = scene.trust.ledgers[0]?.verifierKeys ?? [];
    if (classic === undefined || all.length !== 1) throw new Error('the ledger has two keys');
    const classicOnly: Trust = { ...scene.trust, ledgers: [{ origin, verifierKeys: [classic] }] };
    const { ours, theirs, postQuantum } = await timeBundle(scene.text, classicOnly, scene.trust);
    const perSecond = await timeLedger(scene);
    const rows: EvidenceRow[] = [
      { case: 'bundle with proof, p50', value: round(quantile(ours, 0.5)), unit: 'ms' },
      { case: 'bundle with proof, p99', value: round(quantile(ours, 0.99)), unit: 'ms' },
      { case: 'the same, ML-DSA-44 cosignature too, p50', value: round(quantile(postQuantum, 0.5)), unit: 'ms' },
      { case: '@sigstore/verify 4.1.3, p50', value: round(quantile(theirs, 0.5)), unit: 'ms' },
      {
        case: 'holdfast / @sigstore/verify, p50',
        value: round(quantile(ours, 0.5) / quantile(theirs, 0.5)),
        unit: 'ratio',
      },
      { case: `ledger of ${entries} entries with its evidence`, value: Math.round(perSecond), unit: 'entries/s' },
    ];
    return { name: 'evidence: offline verification', rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Scene {
  readonly folder: string;
  readonly trust: Trust;
  /** One of the bundles, as it is stored. */
  readonly text: string;
}

async function makeLedger(folder: string): Promise<Scene> {
  const signer = keySigner(generatePrivateKey());
  const signers = [
    ed25519Signer(origin, generateKeyPairSync('ed25519').privateKey),
    mlDsa44Cosigner(origin, generateKeyPairSync('ml-dsa-44').privateKey),
  ];
  const ledger = await createLedger(join(folder, 'ledger'), { origin, signers });
  const store = openEvidenceStore(join(folder, 'evidence'));
  const statements = Array.from({ length: entries }, (_, at) =>
    statementOf(
      predicateTypes.approval,
      [{ name: 'model.onnx', digest: { sha256: at.toString(16).padStart(64, '0') } }],
      { reason: 'reviewed the report', approvedOn: '2026-11-02T10:00:00Z' },
    ),
  );
  const signed = await Promise.all(statements.map((statement) => signStatement(statement, signer)));
  const recorded = await recordEvidence(signed, { ledger, store });
  await ledger.close();
  const middle = recorded[entries / 2];
  if (middle === undefined) throw new Error('nothing was recorded');
  const trust: Trust = {
    ledgers: [{ origin, verifierKeys: signers.map(({ verifierKey }) => verifierKey) }],
    signers: [{ name: 'ann', publicKey: signer.publicKey.pem, roles: ['approver'] }],
    witnesses: [],
  };
  return { folder, trust, text: serialiseBundle(await store.get(middle.id)) };
}

async function timeBundle(text: string, classicOnly: Trust, whole: Trust) {
  const ours: number[] = [];
  const theirs: number[] = [];
  const postQuantum: number[] = [];
  const verify = (trust: Trust) =>
    verifyEvidence(parseStoredBundle(text, 'bundle'), createTrustView(trust, nodeCryptography), nodeCryptography);
  for (let round = -warmUp; round < verifications; round++) {
    const start = performance.now();
    await verify(classicOnly);
    const between = performance.now();
    askSigstore(text, classicOnly);
    const then = performance.now();
    await verify(whole);
    const end = performance.now();
    if (round < 0) continue;
    ours.push(between - start);
    theirs.push(then - between);
    postQuantum.push(end - then);
  }
  return { ours, theirs, postQuantum };
}

/** The median over the rounds. Every entry brings its own proof; they share one checkpoint, as one batch does. */
async function timeLedger({ folder, trust }: Scene): Promise<number> {
  const perSecond: number[] = [];
  const verifierKeys = trust.ledgers[0]?.verifierKeys ?? [];
  for (let round = -1; round < ledgerRounds; round++) {
    const start = performance.now();
    const reader = await openLedgerReader(folderSource(join(folder, 'ledger')), {
      origin,
      verifierKeys,
      requireAll: true,
    });
    const store = openEvidenceStore(join(folder, 'evidence'));
    const { evidence, broken } = await verifyLedger(reader, store, trust, nodeCryptography);
    if (evidence.length !== entries || broken.length > 0) throw new Error('the ledger does not verify');
    if (round >= 0) perSecond.push(entries / ((performance.now() - start) / 1000));
  }
  return quantile(perSecond, 0.5);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { name, rows } = await run();
  console.log(name);
  console.table(rows);
}
