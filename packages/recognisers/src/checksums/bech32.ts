const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function checksumOf(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of generator.entries()) if (((top >> bit) & 1) === 1) check ^= term;
  }
  return check;
}

/** Which of the two codes of 30 bits a text carries: `bech32` (BIP 173), `bech32m` (BIP 350), or neither. */
export function bech32Kind(text: string): 'bech32' | 'bech32m' | undefined {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return undefined;
  const split = lower.lastIndexOf('1');
  if (split < 1 || lower.length - split < 7 || lower.length > 120) return undefined;
  const head = Array.from(lower.slice(0, split), (sign) => sign.charCodeAt(0));
  const data = Array.from(lower.slice(split + 1), (sign) => alphabet.indexOf(sign));
  if (data.includes(-1)) return undefined;
  const check = checksumOf([...head.map((code) => code >> 5), 0, ...head.map((code) => code & 31), ...data]);
  return check === 1 ? 'bech32' : check === 0x2bc830a3 ? 'bech32m' : undefined;
}

/** An address of Bitcoin's kind: version 0 with `bech32`, later ones with `bech32m`, a program of 2 to 40 bytes. */
export function isSegregatedWitness(text: string): boolean {
  const kind = bech32Kind(text);
  if (kind === undefined) return false;
  const data = text.slice(text.lastIndexOf('1') + 1, -6).toLowerCase();
  const version = alphabet.indexOf(data.charAt(0));
  const bytes = Math.floor(((data.length - 1) * 5) / 8);
  if (version === 0) return kind === 'bech32' && (bytes === 20 || bytes === 32);
  return kind === 'bech32m' && version <= 16 && bytes >= 2 && bytes <= 40;
}
