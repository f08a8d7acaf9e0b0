// Writes spec/vectors/{valid,must-fail}/evidence. Run once, by hand: node --conditions=source tools/vectors/make-evidence-vectors.ts
// The keys and the statements are fixed; P-256 and ML-DSA signatures are other ones each time, so a second run changes files.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EvidenceBundle,
  type EvidenceStore,
  keySigner,
  openEvidenceStore,
  predicateTypes,
  type Role,
  recordEvidence,
  roles,
  type Signer,
  type Statement,
  serialiseBundle,
  signStatement,
  statementOf,
  type Trust,
} from '@holdfast/evidence';
import type { LogEntry } from '@holdfast/evidence/verify/evidence';
import { createLedger, ed25519Signer, type Ledger, mlDsa44Cosigner } from '@holdfast/ledger';
import { formatNote } from '@holdfast/ledger/verify/index';
import { fixedKey, fixedP256Key } from './fixed-keys.ts';

const vectors = new URL('../../spec/vectors/', import.meta.url).pathname;
const origin = 'credit-risk.example';
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-vectors-'));

interface Person {
  readonly name: string;
  readonly signer: Signer;
  readonly roles: readonly Role[];
}
const person = (name: string, held: readonly Role[], key = fixedKey('ed25519', name)): Person => ({
  name,
  roles: held,
  signer: keySigner(key),
});
const root = person('root', ['authority']);
const ann = person('ann', ['approver']);
const bob = person('bob', ['builder'], fixedP256Key('bob'));
const eve = person('eve', []);
const everybody = [root, ann, bob];

const artifact = {
  name: 'model.onnx',
  digest: { sha256: '99140980b2d88f01adf1a0ecc73740e15e9a982a0bdd25ea3b3785e0deebdf0a' },
};
const approval = (reason = 'reviewed the report'): Statement =>
  statementOf(predicateTypes.approval, [artifact], { reason, approvedOn: '2026-11-02T10:00:00Z' });
const withdrawal = (): Statement =>
  statementOf(predicateTypes.withdrawal, [artifact], { reason: 'wrong labels', withdrawnOn: '2026-11-02T10:00:00Z' });
const keyEvent = (action: 'grant' | 'revoke', who: Person, held: readonly Role[], previous: string | null): Statement =>
  statementOf(predicateTypes.keyEvent, [{ name: who.name, digest: { sha256: who.signer.publicKey.id } }], {
    action,
    key: { name: who.name, publicKey: who.signer.publicKey.pem },
    roles: [...held],
    previous,
  });

interface Scene {
  readonly ledger: Ledger;
  readonly store: EvidenceStore;
  readonly trust: Trust;
}
let scenes = 0;
async function open(
  people: readonly Person[],
  options: { name?: string; postQuantum?: boolean; key?: string } = {},
): Promise<Scene> {
  const { name = origin, postQuantum = false, key = 'ledger' } = options;
  const folder = join(temporary, String(scenes++));
  const cosigner = mlDsa44Cosigner(name, fixedKey('ml-dsa-44', key), { now: () => 1_793_613_600 });
  const signers = [ed25519Signer(name, fixedKey('ed25519', key)), ...(postQuantum ? [cosigner] : [])];
  const ledger = await createLedger(join(folder, 'ledger'), { origin: name, signers });
  const trust: Trust = {
    ledgers: [{ origin: name, verifierKeys: signers.map(({ verifierKey }) => verifierKey) }],
    signers: people.map((who) => ({ name: who.name, publicKey: who.signer.publicKey.pem, roles: [...who.roles] })),
    witnesses: [],
  };
  return { ledger, store: openEvidenceStore(join(folder, 'evidence')), trust };
}
async function record(scene: Scene, who: Person, statement: Statement): Promise<string> {
  const [recorded] = await recordEvidence([await signStatement(statement, who.signer)], scene);
  return recorded!.id;
}

type Logged = EvidenceBundle & { readonly entry: LogEntry };
const logged = async (scene: Scene, id: string): Promise<Logged> => (await scene.store.get(id)) as Logged;

function write(kind: 'valid' | 'must-fail', name: string, vector: object): void {
  const folder = join(vectors, kind, 'evidence');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(vector, null, 2)}\n`);
}

/** The ledger's files: text as it is, tiles in base64. */
function ledgerFiles(folder: string): Record<string, string> {
  const files = { checkpoint: readFileSync(join(folder, 'checkpoint'), 'utf8') };
  const tiles = readdirSync(join(folder, 'tile'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const read = tiles.map(({ parentPath, name }): [string, string] => {
    const path = join(parentPath, name);
    return [path.slice(folder.length + 1), readFileSync(path).toString('base64')];
  });
  const sorted: Record<string, string> = Object.fromEntries(read.sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...files, ...sorted };
}
async function evidenceOf(scene: Scene): Promise<Record<string, string>> {
  const ids = [...(await scene.store.list())].sort();
  const evidence: Record<string, string> = {};
  for (const id of ids) evidence[id] = serialiseBundle(await scene.store.get(id));
  return evidence;
}
async function ledgerVector(scene: Scene, evidence: Record<string, string> = {}) {
  const all = { ...(await evidenceOf(scene)), ...evidence };
  return { trust: scene.trust, ledger: ledgerFiles(scene.ledger.folder), evidence: all };
}

/** The parts of a Sigstore bundle v0.3 that are changed here. */
interface BundleJson {
  mediaType: string;
  readonly verificationMaterial: { readonly tlogEntries: EntryJson[] };
  readonly dsseEnvelope: { signatures: object[] };
}
interface EntryJson {
  logIndex: string;
  readonly inclusionProof: object;
}

// ---- bundles that verify
async function validBundles(): Promise<void> {
  for (const [name, who, statement, postQuantum, description] of [
    ['ed25519', ann, approval(), false, 'an approval, signed with Ed25519'],
    ['p256', bob, keyEvent('grant', eve, ['auditor'], null), false, 'a key event, signed with P-256'],
    ['post-quantum', ann, approval(), true, 'an approval under a checkpoint that is cosigned with ML-DSA-44'],
  ] as const) {
    const people = name === 'p256' ? [{ ...bob, roles: ['authority'] as const }] : everybody;
    const scene = await open(people, { postQuantum });
    await record(scene, root, approval('something before it'));
    const id = await record(scene, who, statement);
    const role = people.find((each) => each.name === who.name)?.roles[0];
    const bundle = serialiseBundle(await logged(scene, id));
    const expect = { id, signer: who.name, role, origin, index: 1, predicateType: statement.predicateType };
    write('valid', name, { description, trust: scene.trust, bundle, expect });
  }
}

// ---- bundles that do not
async function failingBundles(): Promise<void> {
  const scene = await open(everybody);
  await record(scene, ann, approval('something before it'));
  const good = await logged(scene, await record(scene, ann, approval()));
  const other = await logged(scene, await record(scene, ann, approval('another')));
  const { envelope, entry } = good;
  const fail = (
    name: string,
    description: string,
    expect: string,
    bundle: EvidenceBundle | string,
    trust: object = scene.trust,
  ) => {
    const text = typeof bundle === 'string' ? bundle : serialiseBundle(bundle);
    write('must-fail', name, { description, trust, bundle: text, expect });
  };
  const inEnvelope = (change: Partial<Logged['envelope']>): EvidenceBundle => ({
    envelope: { ...envelope, ...change },
    entry,
  });
  const inEntry = (change: Partial<LogEntry>): EvidenceBundle => ({ envelope, entry: { ...entry, ...change } });
  const text = serialiseBundle(good);
  const edit = (change: (bundle: BundleJson) => void): string => {
    const bundle = JSON.parse(text) as BundleJson;
    change(bundle);
    return JSON.stringify(bundle);
  };
  const v = (version: string): string => `application/vnd.dev.sigstore.bundle+json;version=${version}`;
  const log = (bundle: BundleJson): EntryJson => bundle.verificationMaterial.tlogEntries[0]!;

  fail(
    'payload-flipped',
    'one bit of the payload was flipped',
    'HF_SIGNATURE_INVALID',
    inEnvelope({ payload: Buffer.from(Buffer.from(envelope.payload).toString().replace('reviewed', 'reviewee')) }),
  );
  fail(
    'signature-flipped',
    'one bit of the signature was flipped',
    'HF_SIGNATURE_INVALID',
    inEnvelope({ signature: flip(envelope.signature) }),
  );
  fail(
    'signature-of-another',
    'the signature is over another statement by the same key',
    'HF_SIGNATURE_INVALID',
    inEnvelope({ signature: other.envelope.signature }),
  );
  fail(
    'key-hint-of-another',
    'the key hint names another trusted key',
    'HF_SIGNATURE_INVALID',
    inEnvelope({ keyId: root.signer.publicKey.id }),
  );
  fail(
    'key-hint-of-nobody',
    'the key hint names a key that nobody trusts',
    'HF_SIGNER_UNKNOWN',
    inEnvelope({ keyId: eve.signer.publicKey.id }),
  );
  fail(
    'payload-type',
    'the payload type is not that of in-toto',
    'HF_STATEMENT_FORMAT',
    inEnvelope({ payloadType: 'application/json' }),
  );
  fail('no-log-entry', 'it is signed, and in no ledger', 'HF_NOT_LOGGED', { envelope, entry: undefined });
  fail('entry-of-another', 'the ledger entry is that of other evidence', 'HF_LEAF_MISMATCH', {
    envelope,
    entry: other.entry,
  });
  fail(
    'leaf-kind',
    'the ledger entry is a hashedrekord 0.0.1',
    'HF_LEAF_MISMATCH',
    inEntry({ kind: 'hashedrekord/0.0.1' }),
  );
  fail(
    'leaf-not-canonical',
    'the leaf says the same, with a space',
    'HF_LEAF_MISMATCH',
    inEntry({ body: Buffer.concat([entry.body, Buffer.from(' ')]) }),
  );
  fail(
    'log-id',
    'the log id is that of no trusted ledger',
    'HF_LEDGER_UNTRUSTED',
    inEntry({ logId: flip(entry.logId) }),
  );
  fail(
    'proof-flipped',
    'one bit of the inclusion proof was flipped',
    'HF_INCLUSION_INVALID',
    inEntry({ hashes: entry.hashes.map(flip) }),
  );
  fail('proof-cut-short', 'the inclusion proof is empty', 'HF_INCLUSION_INVALID', inEntry({ hashes: [] }));
  fail(
    'proof-too-long',
    'the inclusion proof has a hash too many',
    'HF_INCLUSION_INVALID',
    inEntry({ hashes: [...entry.hashes, entry.rootHash] }),
  );
  fail(
    'index-of-another',
    'it claims the place before its own',
    'HF_INCLUSION_INVALID',
    inEntry({ index: 0, claimedIndex: 0 }),
  );
  fail(
    'indices-disagree',
    'the entry and its proof name different places',
    'HF_INCLUSION_INVALID',
    inEntry({ claimedIndex: 0 }),
  );
  fail(
    'tree-size',
    'the proof names another tree size than the checkpoint',
    'HF_INCLUSION_INVALID',
    inEntry({ treeSize: 3 }),
  );
  fail(
    'root-hash',
    'the proof names another root than the checkpoint',
    'HF_INCLUSION_INVALID',
    inEntry({ rootHash: flip(entry.rootHash) }),
  );
  fail(
    'checkpoint-edited',
    'the tree size in the checkpoint was changed',
    'HF_CHECKPOINT_INVALID',
    inEntry({ checkpoint: entry.checkpoint.replace('\n2\n', '\n3\n') }),
  );
  fail(
    'checkpoint-unsigned',
    'the checkpoint has no signature',
    'HF_CHECKPOINT_INVALID',
    inEntry({ checkpoint: entry.checkpoint.split('—')[0] ?? '' }),
  );
  fail(
    'two-signatures',
    'the envelope carries the same signature twice',
    'HF_ENVELOPE_SIGNATURES',
    edit((b) => {
      b.dsseEnvelope.signatures.push(...b.dsseEnvelope.signatures);
    }),
  );
  fail(
    'no-signature',
    'the envelope carries no signature',
    'HF_ENVELOPE_SIGNATURES',
    edit((b) => {
      b.dsseEnvelope.signatures = [];
    }),
  );
  for (const version of ['0.1', '0.2', '0.3']) {
    fail(
      `media-type-${version}`,
      `the media type is ${v(version)}`,
      'HF_ENVELOPE_FORMAT',
      edit((b) => {
        b.mediaType = v(version);
      }),
    );
  }
  fail(
    'certificate',
    'it names its signer by a certificate',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      Reflect.deleteProperty(b.verificationMaterial, 'publicKey');
      Object.assign(b.verificationMaterial, { certificate: { rawBytes: 'AAAA' } });
    }),
  );
  fail(
    'two-log-entries',
    'it carries the same ledger entry twice',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      b.verificationMaterial.tlogEntries.push(log(b));
    }),
  );
  fail(
    'no-proof',
    'the ledger entry has no inclusion proof',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      Reflect.deleteProperty(log(b), 'inclusionProof');
    }),
  );
  fail(
    'no-checkpoint',
    'the inclusion proof has no checkpoint',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      Reflect.deleteProperty(log(b).inclusionProof, 'checkpoint');
    }),
  );
  fail(
    'huge-index',
    'the place in the ledger is 2^53',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      log(b).logIndex = '9007199254740992';
    }),
  );
  fail(
    'hexadecimal-index',
    'the place in the ledger is written as 0x1',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      log(b).logIndex = '0x1';
    }),
  );
  fail(
    'message-signature',
    'it is over a message, not an envelope',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      Reflect.deleteProperty(b, 'dsseEnvelope');
      Object.assign(b, {
        messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: 'AAAA' }, signature: 'AAAA' },
      });
    }),
  );
  fail(
    'unknown-field',
    'it has a field that would be dropped',
    'HF_ENVELOPE_FORMAT',
    edit((b) => {
      Object.assign(b, { comment: 'hello' });
    }),
  );
  fail(
    'white-space',
    'it says the same with white space, which is not what was stored',
    'HF_ENVELOPE_FORMAT',
    JSON.stringify(JSON.parse(text), null, 1),
  );
  fail('cut-short', 'it is cut short', 'HF_ENVELOPE_FORMAT', text.slice(0, -1));
  fail('not-json', 'it is not JSON', 'HF_ENVELOPE_FORMAT', 'hello');
  fail('deep-nesting', 'it is 4,000 brackets', 'HF_ENVELOPE_FORMAT', '['.repeat(4000));

  const trusting = (change: Partial<Trust>): Trust => ({ ...scene.trust, ...change });
  const annAs = (held: Role[]) =>
    trusting({ signers: [{ name: 'ann', publicKey: ann.signer.publicKey.pem, roles: held }] });
  fail(
    'role-missing',
    'its signer is a builder, and approvals need an approver',
    'HF_SIGNER_ROLE',
    good,
    annAs(['builder']),
  );
  fail('role-none', 'its signer has no role', 'HF_SIGNER_ROLE', good, annAs([]));
  fail(
    'trust-duplicate-key',
    'the trust file names one key twice',
    'HF_TRUST_FORMAT',
    good,
    trusting({ signers: [...annAs(['approver']).signers, { ...annAs(['builder']).signers[0]!, name: 'too' }] }),
  );
  fail('trust-unknown-role', 'the trust file names a role that there is not', 'HF_TRUST_FORMAT', good, {
    ...scene.trust,
    signers: [{ ...annAs([]).signers[0], roles: ['king'] }],
  });
  fail(
    'trust-ledger-key',
    'the trust file has no Ed25519 key of the ledger’s own name',
    'HF_TRUST_FORMAT',
    good,
    trusting({ ledgers: [{ origin: 'other.example', verifierKeys: scene.trust.ledgers[0]!.verifierKeys }] }),
  );

  const stranger = ed25519Signer(origin, fixedKey('ed25519', 'stranger'));
  const body = `${entry.checkpoint.split('\n\n')[0]}\n`;
  const line = Buffer.concat([Buffer.from(stranger.key.keyId, 'hex'), await stranger.sign(body)]).toString('base64');
  fail(
    'checkpoint-other-key',
    'the checkpoint is signed by another key of the same name',
    'HF_CHECKPOINT_INVALID',
    inEntry({ checkpoint: formatNote(body, [`— ${origin} ${line}`]) }),
  );
  const elsewhere = await open(everybody, { name: 'elsewhere.example' });
  fail(
    'checkpoint-other-origin',
    'the checkpoint is that of another origin with the same key',
    'HF_CHECKPOINT_INVALID',
    inEntry({ logId: elsewhere.ledger.logId }),
    elsewhere.trust,
  );
  fail('ledger-untrusted', 'the trust file names another ledger', 'HF_LEDGER_UNTRUSTED', good, elsewhere.trust);

  const sealed = await open(everybody, { postQuantum: true });
  const both = await logged(sealed, await record(sealed, ann, approval()));
  const [head = '', lines = ''] = both.entry.checkpoint.split('\n\n');
  for (const [at, name, missing] of [
    [0, 'no-post-quantum', 'ML-DSA-44'],
    [1, 'only-post-quantum', 'Ed25519'],
  ] as const) {
    const checkpoint = formatNote(`${head}\n`, [lines.split('\n')[at] ?? '']);
    const description = `the ${missing} signature is missing from the checkpoint, and the trust file names its key`;
    fail(
      `checkpoint-${name}`,
      description,
      'HF_CHECKPOINT_INVALID',
      { envelope: both.envelope, entry: { ...both.entry, checkpoint } },
      sealed.trust,
    );
  }
  await failingStatements();
}

async function failingStatements(): Promise<void> {
  const all = { ...ann, roles };
  for (const [name, description, expect, statement] of [
    [
      'statement-v0.1',
      'the statement is of version 0.1',
      'HF_STATEMENT_FORMAT',
      { ...approval(), _type: 'https://in-toto.io/Statement/v0.1' },
    ],
    ['statement-no-subject', 'the statement is about nothing', 'HF_STATEMENT_FORMAT', { ...approval(), subject: [] }],
    [
      'statement-no-digest',
      'the statement names its subject, and no digest',
      'HF_STATEMENT_FORMAT',
      { ...approval(), subject: [{ name: 'model.onnx', digest: {} }] },
    ],
    [
      'statement-capitals',
      'the digest is in capitals',
      'HF_STATEMENT_FORMAT',
      { ...approval(), subject: [{ digest: { sha256: 'AB'.repeat(32) } }] },
    ],
    [
      'predicate-unknown',
      'no role makes a predicate of this type count',
      'HF_SIGNER_ROLE',
      statementOf('https://example.com/unheard-of/v1', [artifact], {}),
    ],
    [
      'predicate-approval',
      'the approval has no date',
      'HF_STATEMENT_FORMAT',
      statementOf(predicateTypes.approval, [artifact], { reason: 'x' }),
    ],
    [
      'predicate-withdrawal',
      'the withdrawal has no reason; it must not be overlooked',
      'HF_EVIDENCE_GAP',
      statementOf(predicateTypes.withdrawal, [artifact], {}),
    ],
    [
      'predicate-key-event',
      'the key event grants nothing that is known; it must not be overlooked',
      'HF_KEY_EVENT_CHAIN',
      statementOf(predicateTypes.keyEvent, [artifact], { action: 'lend' }),
    ],
  ] as const) {
    const scene = await open([all]);
    const bundle = serialiseBundle(await logged(scene, await record(scene, all, statement as unknown as Statement)));
    write('must-fail', name, { description, trust: scene.trust, bundle, expect });
  }
}

// ---- ledgers
async function validLedgers(): Promise<void> {
  const scene = await open([root, bob], { postQuantum: true });
  const grant = await record(scene, root, keyEvent('grant', ann, ['approver'], null));
  const ids = [grant, await record(scene, ann, approval())];
  await record(scene, eve, approval('by nobody'));
  await record(scene, bob, approval('by a builder'));
  const revoke = await record(scene, root, keyEvent('revoke', ann, ['approver'], grant));
  await record(scene, ann, approval('too late'));
  const expect = {
    evidence: [...ids, revoke],
    ignored: [
      [2, 'HF_SIGNER_UNKNOWN'],
      [3, 'HF_SIGNER_ROLE'],
      [5, 'HF_SIGNER_ROLE'],
    ],
  };
  const description =
    'a key is granted a role and loses it; what nobody, or somebody without the role, signed is passed over';
  write('valid', 'ledger-key-events', { description, ...(await ledgerVector(scene)), expect });

  const stopped = await open([ann]);
  const id = await record(stopped, ann, withdrawal());
  const { envelope } = await stopped.store.get(id);
  await stopped.store.put(id, { envelope, entry: undefined });
  const unproven = 'a command was killed before it stored the proof; the ledger has it';
  write('valid', 'ledger-unproven', {
    description: unproven,
    ...(await ledgerVector(stopped)),
    expect: { evidence: [id], ignored: [] },
  });
}

async function failingLedgers(): Promise<void> {
  const scene = await open([root]);
  const grant = await record(scene, root, keyEvent('grant', ann, ['approver'], null));
  const approved = await record(scene, ann, approval());
  const withdrawn = await record(scene, ann, withdrawal());
  const whole = await ledgerVector(scene);
  const fail = (name: string, description: string, expect: string, change: object = {}) => {
    write('must-fail', `ledger-${name}`, { description, ...whole, ...change, expect });
  };
  const changed = async (id: string, change: (bundle: Logged) => EvidenceBundle): Promise<object> => ({
    evidence: { ...whole.evidence, [id]: serialiseBundle(change(await logged(scene, id))) },
  });
  const without = (id: string) => ({
    evidence: Object.fromEntries(Object.entries(whole.evidence).filter(([each]) => each !== id)),
  });
  fail('gap', 'the withdrawal is missing from the evidence', 'HF_EVIDENCE_GAP', without(withdrawn));
  fail('key-event-gap', 'the grant is missing from the evidence', 'HF_EVIDENCE_GAP', without(grant));
  fail('swapped', 'the approval stands in the place of the withdrawal', 'HF_LEAF_MISMATCH', {
    evidence: { ...whole.evidence, [withdrawn]: whole.evidence[approved] },
  });
  fail(
    'key-hint',
    'the key hint of the withdrawal names a stranger, who counts for nothing',
    'HF_LEAF_MISMATCH',
    await changed(withdrawn, ({ envelope, entry }) => ({
      envelope: { ...envelope, keyId: eve.signer.publicKey.id },
      entry,
    })),
  );
  const elsewhere = await open([root], { name: 'elsewhere.example' });
  const two = { ...scene.trust, ledgers: [...scene.trust.ledgers, ...elsewhere.trust.ledgers] };
  fail(
    'log-id',
    'the log id of the withdrawal is that of another trusted ledger, where its signer has no role',
    'HF_LEAF_MISMATCH',
    {
      trust: two,
      ...(await changed(withdrawn, ({ envelope, entry }) => ({
        envelope,
        entry: { ...entry, logId: elsewhere.ledger.logId },
      }))),
    },
  );
  fail('untrusted', 'the trust file does not name the ledger of the evidence', 'HF_LEDGER_ORIGIN_MISMATCH', {
    trust: elsewhere.trust,
  });
  fail('white-space', 'a stored bundle has white space behind it', 'HF_ENVELOPE_FORMAT', {
    evidence: { ...whole.evidence, [approved]: `${whole.evidence[approved]!}\n` },
  });

  const other = await open([root]);
  await record(other, root, keyEvent('grant', bob, ['builder'], null));
  await record(other, ann, approval());
  const forked = serialiseBundle(await logged(other, approved));
  const fork = 'the approval proves a history in which another key was granted first; the ledger key signed both';
  fail('fork', fork, 'HF_EVIDENCE_FORK', { evidence: { ...whole.evidence, [approved]: forked } });

  const cut = ledgerFiles(scene.ledger.folder);
  await record(scene, root, approval('one more entry'));
  await record(scene, ann, approval());
  fail('rolled-back', 'the evidence proves a longer ledger than there is', 'HF_EVIDENCE_FORK', {
    ledger: cut,
    evidence: await evidenceOf(scene),
  });

  const tile = Object.keys(whole.ledger).find((path) => path.startsWith('tile/0/') && path.endsWith('/3')) ?? '';
  const entries = tile.replace('tile/0', 'tile/entries');
  const bytes = (path: string): Buffer => Buffer.from(whole.ledger[path] ?? '', 'base64');
  const file = (path: string, content: Buffer | string) => ({
    ledger: { ...whole.ledger, [path]: typeof content === 'string' ? content : content.toString('base64') },
  });
  fail(
    'tile-flipped',
    'one bit of the tile was flipped',
    'HF_LEDGER_TILE_CORRUPT',
    file(tile, Buffer.from(flip(bytes(tile)))),
  );
  fail('tile-cut-short', 'the tile is cut short', 'HF_LEDGER_TILE_TRUNCATED', file(tile, bytes(tile).subarray(0, -1)));
  fail(
    'entry-flipped',
    'one bit of an entry was flipped',
    'HF_LEDGER_TILE_CORRUPT',
    file(entries, Buffer.from(flip(bytes(entries)))),
  );
  fail(
    'checkpoint-edited',
    'the checkpoint says one entry less',
    'HF_LEDGER_SIGNATURE_INVALID',
    file('checkpoint', whole.ledger['checkpoint']!.replace('\n3\n', '\n2\n')),
  );

  for (const [name, description, expect, statement] of [
    [
      'key-event-chain',
      'the second key event does not follow the first',
      'HF_KEY_EVENT_CHAIN',
      keyEvent('grant', bob, ['builder'], null),
    ],
    [
      'key-event-subject',
      'the key event names one key, and its subject another',
      'HF_KEY_EVENT_CHAIN',
      { ...keyEvent('grant', bob, ['builder'], null), subject: [artifact] },
    ],
    [
      'withdrawal-malformed',
      'a withdrawal cannot be read, and must not be overlooked',
      'HF_EVIDENCE_GAP',
      statementOf(predicateTypes.withdrawal, [artifact], { why: 'x' }),
    ],
  ] as const) {
    const bad = await open([root]);
    if (name === 'key-event-chain') await record(bad, root, keyEvent('grant', ann, ['approver'], null));
    await record(bad, root, statement);
    write('must-fail', `ledger-${name}`, { description, ...(await ledgerVector(bad)), expect });
  }
}

function flip(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes, (byte, at) => (at === 9 ? byte ^ 1 : byte));
}

for (const kind of ['valid', 'must-fail']) rmSync(join(vectors, kind, 'evidence'), { recursive: true, force: true });
await validBundles();
await failingBundles();
await validLedgers();
await failingLedgers();
rmSync(temporary, { recursive: true });
