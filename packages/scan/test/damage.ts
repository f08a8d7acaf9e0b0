import fc from 'fast-check';

/** A file with one to three of its bytes set, put in or left out, or cut short. */
export function damaged(seed: Uint8Array, characters = ''): fc.Arbitrary<Uint8Array> {
  const byte = characters === '' ? fc.nat(255) : fc.constantFrom(...Buffer.from(characters));
  const kind = fc.constantFrom('set', 'set', 'insert', 'delete', 'cut');
  const edits = fc.array(fc.record({ at: fc.nat(seed.length), byte, kind }), { minLength: 1, maxLength: 3 });
  return edits.map((all) => {
    let bytes = Buffer.from(seed);
    for (const { at, byte: put, kind: how } of all) {
      const place = Math.min(at, bytes.length);
      const behind = how === 'cut' ? bytes.length : how === 'insert' ? place : place + 1;
      const between = how === 'set' || how === 'insert' ? [put] : [];
      bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(between), bytes.subarray(behind)]);
    }
    return bytes;
  });
}
