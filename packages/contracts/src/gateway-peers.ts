import { z } from 'zod';
import { duration } from './duration.ts';
import { strict } from './shapes.ts';
import { expected } from './wording.ts';

const count = (most: number) =>
  z
    .int({ error: expected('a whole number') })
    .min(1)
    .max(most);

const stream = strict({
  frames: count(100_000_000).exactOptional().describe('Parts of one answer; 100,000 when left out.'),
  between: duration.exactOptional().describe('How long the model server may take from one part to the next; `30s`.'),
  total: duration.exactOptional().describe('How long the whole answer may take; `10m` when left out.'),
});

/** How long callers may take for an answer, and how much of it comes piece by piece. */
export const peerLimits = {
  readTime: duration
    .exactOptional()
    .describe('How long a caller may take for 64 KiB of an answer before it is cut; `30s` when left out.'),
  tokens: count(2 ** 31)
    .exactOptional()
    .describe('Tokens that the answer to one chat request may have; requests then have to say how many they want.'),
  stream: stream.exactOptional().describe('Answers that come piece by piece.'),
};
