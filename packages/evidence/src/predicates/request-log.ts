import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** The subject, a file, is a part of a gateway's log of requests that nobody adds to any more. */
export const requestLogSchema = z.strictObject({
  gateway: z.string().min(1).max(128).describe('the log, unlike every other of the project'),
  entries: z.int().min(1).describe('lines of the file'),
  first: z.int().min(0).describe('place of its first entry in the log'),
  before: digest.describe('SHA-256 of the line before its first; zeros before the first of all'),
  last: digest.describe('SHA-256 of its last line'),
  endedOn: z.iso.datetime(),
});

export type RequestLogPart = z.infer<typeof requestLogSchema>;
