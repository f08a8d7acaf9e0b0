import type { Lineage } from '@holdfast/pipeline/lineage/lineage';
import { plainText } from '@holdfast/pipeline/lineage/plain-text';
import { cautions, evidenceSentence } from '@holdfast/pipeline/lineage/wording';
import type { Style, Terminal } from '../terminal.ts';
import { brokenLines } from '../view-lines.ts';
import { labelled } from '../wrap.ts';
import { type TreeLine, treeLines } from './lineage-tree.ts';

/** A lineage for people: what there is as trees, what stands behind it, and what is not in it. */
export function lineageLines(lineage: Lineage, code: boolean, terminal: Terminal): string[] {
  const { title, ledger, broken, ignored, artifacts, runs } = lineage;
  const name = plainText(title, 40);
  const right = `ledger ${ledger.size} · ${broken.length === 0 ? 'verified' : 'BROKEN'}`;
  const gap = ' '.repeat(Math.max(2, 78 - name.length - right.length));
  const nothing = artifacts.length + runs.length === 0;
  return [
    `${terminal.paint('bold', name)}${gap}${right}`,
    ...(nothing
      ? [
          '',
          ignored.length > 0
            ? 'no evidence that counts speaks of any artifact'
            : 'no evidence speaks of any artifact yet',
        ]
      : []),
    ...treeLines(lineage, code).map((line) => painted(line, terminal)),
    '',
    ...labelled('', 0, evidenceSentence(lineage)),
    ...cautions(lineage).flatMap((caution) => labelled(signed(caution.slice(0, 2), terminal), 2, caution.slice(2))),
    ...brokenLines(broken, terminal),
    ...(nothing && ignored.length + broken.length === 0 ? ['Next   holdfast run'] : []),
  ];
}

function painted({ branch, text, isTitle }: TreeLine, terminal: Terminal): string {
  const own = isTitle ? text.replace(/ ◀(?=$| )/, (arrow) => terminal.paint('bold', arrow)) : text;
  return `${branch === '' ? '' : terminal.paint('dim', branch)}${signed(own, terminal)}`.trimEnd();
}

const styles: Readonly<Record<string, Style>> = { '✓': 'green', '✗': 'red', '!': 'yellow', '?': 'yellow' };

/** Paints the signs that stand before a piece; names hold none of the first two, and the others mean nothing in them. */
const signed = (text: string, terminal: Terminal): string =>
  text.replaceAll(/(?<=^| {3})[✓✗!?](?= )/gu, (sign) => terminal.paint(styles[sign] ?? 'dim', sign));
