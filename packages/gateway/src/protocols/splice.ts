/** A part of a text that another takes the place of. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Bytes with other parts. @param edits in their order, not overlapping */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { from, to, text } of edits) {
    pieces.push(bytes.subarray(at, from), Buffer.from(text, 'utf8'));
    at = to;
  }
  pieces.push(bytes.subarray(at));
  return Buffer.concat(pieces);
}
