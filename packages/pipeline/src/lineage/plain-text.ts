import { sanitiseForTerminal } from '../execution/terminal.ts';

/** Signs that the lineage itself speaks with: in a name they could pass for a check, a branch or an arrow. */
const ownSigns = /[✓✗│├└─→◀]/gu;

/** Names are shown up to this length; `--json` has them whole. */
const longest = 56;

/**
 * What may be shown of a text that somebody else chose: one line, nothing that a terminal obeys or that hides, none of
 * our own signs, and no more than fits.
 */
export function plainText(text: string, most = longest): string {
  const line = sanitiseForTerminal(text.toWellFormed()).replaceAll(/\s+/gu, ' ').replaceAll(ownSigns, '·').trim();
  const letters = Array.from(line);
  if (letters.length === 0) return '(no name)';
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}
