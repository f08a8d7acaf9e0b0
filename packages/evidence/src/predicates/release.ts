import { z } from 'zod';

/** Most files that a released folder may hold. */
export const mostReleasedFiles = 10_000;

/** One part of a path: no separator, no control character, not `.` or `..`. */
const segment = String.raw`(?!\.{1,2}(?:/|$))[^/\\\u0000-\u001f\u007f]{1,255}`;

/** A relative POSIX path that stays where it is put. */
const releasedPath = z
  .string()
  .max(1024)
  .regex(new RegExp(`^${segment}(?:/${segment}){0,31}$`));

/**
 * The subject may be installed on devices of a class. Its files are named here, under the signature, so that nothing
 * that an update is carried in decides where a byte is written.
 */
export const releaseSchema = z.strictObject({
  device: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
    .describe('the class of devices that it is for'),
  version: z.int().positive().describe('higher than every version that was released for this class before'),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
    .describe('what the file or folder is called on the device'),
  files: z
    .array(
      z.strictObject({
        name: releasedPath.describe('path inside the folder; of a single file, the same as `name` above'),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        size: z.int().nonnegative().describe('bytes'),
      }),
    )
    .min(1)
    .max(mostReleasedFiles),
  stages: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        owner: z.string().max(64).nullable(),
        behind: z.boolean(),
      }),
    )
    .max(1000)
    .describe('the stages of the configuration: their owners, and whether they must stand behind the subject'),
  releasedOn: z.iso.datetime(),
});

export type Release = z.infer<typeof releaseSchema>;
