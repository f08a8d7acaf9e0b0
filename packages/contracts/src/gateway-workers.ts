import { z } from 'zod';
import { expected } from './wording.ts';

/** Processes that serve, under one that starts them again, drains them and keeps the ledger. */
export const workers = z
  .union([z.literal('auto'), z.int().min(1).max(256)], { error: expected('`auto` or a whole number from 1 to 256') })
  .describe('Processes that serve; `auto`: one for each core. Without it one, which nothing starts again.');
