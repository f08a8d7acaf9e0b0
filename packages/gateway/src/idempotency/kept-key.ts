import type { AskedKey, KeptAnswer } from './key-journal.ts';

/** A key as it is kept: a line of JSON, then the body of the answer. */
export type KeptKey = AskedKey &
  (
    | { readonly state: 'asked'; readonly owner: string }
    | { readonly state: 'lost' }
    | { readonly state: 'answered'; readonly answer: KeptAnswer }
  );

export function writtenKey(key: KeptKey): Buffer {
  if (key.state !== 'answered') return Buffer.from(`${JSON.stringify(key)}\n`);
  const { fingerprint, artifact, state, answer } = key;
  const { status, headers, body } = answer;
  const line = JSON.stringify({ fingerprint, artifact, state, status, headers, length: body.length });
  return Buffer.concat([Buffer.from(`${line}\n`), body]);
}

/** The key, or undefined for what is not whole: it was taken, and that is all that is known. */
export function readKey(bytes: Uint8Array): KeptKey | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.indexOf(10);
  if (end < 0) return undefined;
  try {
    const line = JSON.parse(buffer.toString('utf8', 0, end)) as Record<string, unknown>;
    return keyOf(line, buffer.subarray(end + 1));
  } catch {
    return undefined;
  }
}

function keyOf(line: Readonly<Record<string, unknown>>, body: Buffer): KeptKey | undefined {
  const { fingerprint, artifact, state, owner, status, headers, length } = line;
  if (typeof fingerprint !== 'string' || typeof artifact !== 'string') return undefined;
  const asked = { fingerprint, artifact };
  if (state === 'lost') return { ...asked, state };
  if (state === 'asked' && typeof owner === 'string') return { ...asked, state, owner };
  if (state !== 'answered' || typeof status !== 'number' || length !== body.length) return undefined;
  return { ...asked, state, answer: { status, headers: headers as Record<string, string>, body } };
}
