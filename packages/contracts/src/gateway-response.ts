import { z } from 'zod';
import { duration } from './duration.ts';
import { strict } from './shapes.ts';
import { expected, refused } from './wording.ts';

const points = z
  .number({ error: expected('a number of points') })
  .gt(0)
  .max(1_000_000);

const from = { at: points.describe('Points from which on.'), for: duration.describe('For how long.') };

const ruleName = z.string().regex(/^(?:schema|anomaly|evasion|extraction)(?:\.[a-z-]{1,64})?$/, {
  error: refused('is no protection or rule, such as `extraction` or `schema.range`'),
});

const tuning = strict({
  least: z.number().gt(0).max(1).describe('Declared points are multiplied by no less.'),
  most: z.number().min(1).max(1000).describe('And by no more.'),
  step: z.number().gt(1).max(10).exactOptional().describe('What one change multiplies or divides by; 1.25.'),
  direction: z
    .enum(['stricter', 'milder', 'both'], { error: expected('`stricter`, `milder` or `both`') })
    .exactOptional()
    .describe('Which way; `both` when left out.'),
});

/** What becomes of callers whose requests are judged: points add up, fade, and bring a response that ends. */
export const gatewayResponse = strict({
  points: z
    .record(ruleName, z.number().min(0).max(1_000_000))
    .refine((map) => Object.keys(map).length <= 64, { error: 'holds more than 64 entries' })
    .exactOptional()
    .describe('Points of a judgement; extraction 10, evasion 5, anomaly 1 when left out.'),
  halfLife: duration.exactOptional().describe('After so long half of the points are forgotten; `1h`.'),
  throttle: strict({ ...from, every: duration.exactOptional().describe('One request in so long; `1s`.') })
    .exactOptional()
    .describe('Answered now and then.'),
  lessDetail: strict(from).exactOptional().describe('Told the class, no scores.'),
  quarantine: strict(from).exactOptional().describe('Given no predictions.'),
  block: strict(from).exactOptional().describe('Given nothing.'),
  model: strict(from).exactOptional().describe('Points of all callers from which on nobody is given predictions.'),
  tuning: tuning.exactOptional().describe('How far these points may move by themselves.'),
});
export type GatewayResponse = z.output<typeof gatewayResponse>;
