import { artifactId, type DigestSet } from '@holdfast/evidence/statement';

/** A digest or id short enough to read and long enough to paste: 48 bits. */
export const shortHex = (hex: string): string => `${hex.slice(0, 12)}…`;

/** What somebody pasted from our own output: the dots that stand for the rest do not belong to it. */
export const withoutDots = (text: string): string => text.replace(/(…|\.\.\.)$/, '');

/** How an artifact is called in messages: `sha256:0a1b2c3d4e5f…`. */
export function shortId(digest: DigestSet): string {
  const [algorithm = '', hex = ''] = artifactId(digest).split(':');
  return `${algorithm}:${shortHex(hex)}`;
}
