import { sanitiseForTerminal } from '@holdfast/pipeline/execution/terminal';

/** The colours that this program itself uses (ECMA-48 SGR), as `styleText` of Node writes them. */
const ownStyles = /(\u001b\[(?:1|2|22|31|32|33|36|39)m)/;

/**
 * What may be shown of a text: names, messages and evidence come from others, and a control sequence in them could
 * rewrite the screen. Everything but our own colours is taken out.
 *
 * @param colored whether our own colours stay
 */
export function showable(text: string, colored: boolean): string {
  return text
    .split(ownStyles)
    .map((part, at) => (at % 2 === 1 ? (colored ? part : '') : sanitiseForTerminal(part)))
    .join('');
}
