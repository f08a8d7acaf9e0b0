import { z } from 'zod';
import { classification } from './confidentiality.ts';
import { duration } from './duration.ts';
import { hostWithPort } from './host.ts';
import { license } from './license.ts';
import { line, name, pathProblem, sha256 } from './scalars.ts';
import { listOf, strict } from './shapes.ts';
import { size } from './size.ts';
import { expected, refused, shown } from './wording.ts';

/** A URI as RFC 3986 section 3 spells it: a scheme, then something. */
const scheme = /^[a-z][a-z0-9+.-]*:/;

/** What keeps a text from saying where data comes from, or nothing. A path is one inside the project. */
function uriProblem(text: string): string | undefined {
  if (!scheme.test(text)) {
    const problem = pathProblem(text);
    return problem === undefined ? undefined : `${shown(text)} ${problem}`;
  }
  // not repeated: what stands there may be a password. In `https:` a browser takes any number of slashes, and `\\` for one
  const authority = text.startsWith('https:') ? /^https:[/\\]*[^/?#\\]*@/ : /^[^:]+:\/\/[^/?#]*@/;
  if (authority.test(text)) return 'holds a user name or password: keep them out of the file';
  if (!/^[a-z][a-z0-9+.-]*:[!-~]+$/.test(text)) return `${shown(text)} is not a URI with a scheme`;
  if (!text.startsWith('https:')) return undefined;
  const isWritten = /^https:\/\/[^/\\?#]+(?:[/?#]|$)/.test(text) && URL.canParse(text);
  return isWritten ? undefined : `${shown(text)} is not a URL such as \`https://data.example/applicants.csv\``;
}

/** `https:` and a host, `file:///` and a path, a path inside the project; other schemes are recorded, never fetched. */
const uri = z
  .string({ error: expected('a URI such as `https://data.example/applicants.csv`') })
  .min(1, { error: 'expected a URI such as `https://data.example/applicants.csv`, found empty text' })
  .max(2048, { error: 'is longer than 2048 characters' })
  .superRefine((text, context) => {
    const problem = uriProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .meta({ pattern: '^[!-~]+$' });

/** Hosts that data may come from. */
export const origins = listOf(hostWithPort, 'a list of host names', 64).min(1, { error: refused('names no host') });

/** Where data may come from, which exact bytes are expected, and on which terms. */
export const source = strict({
  uri: uri.describe('Where the data comes from: `https://…`, `file:///…` or a path in the project.'),
  sha256: sha256
    .exactOptional()
    .describe('The SHA-256 digest of the bytes that may come in, 64 lower-case hexadecimal digits.'),
  signer: name
    .exactOptional()
    .describe('The key of the trust file that must have signed the bytes; the signature is at the URI with `.sig`.'),
  origins: origins.exactOptional().describe('Hosts beside its own that a redirect may lead to.'),
  license: license.exactOptional().describe('The licence, as an SPDX expression; `LicenseRef-NAME` for another.'),
  consent: line('a text or a reference', 1024)
    .exactOptional()
    .describe('What the people in the data agreed to, or where that is written down.'),
  retention: duration.exactOptional().describe('How long the data may be kept once it has come in, such as `2y`.'),
  classification: classification.exactOptional().describe('How confidential what comes from it is.'),
  maxSize: size.exactOptional().describe('The most bytes that it may have, such as `2GiB`; `16GiB` when left out.'),
  time: duration.exactOptional().describe('The longest that fetching it may take, such as `30m`; `6h` when left out.'),
});
export type Source = z.output<typeof source>;
