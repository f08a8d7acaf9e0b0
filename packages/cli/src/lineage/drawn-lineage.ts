import type { Lineage } from '@holdfast/pipeline/lineage/lineage';
import type { Terminal } from '../terminal.ts';
import { countOf } from '../view-lines.ts';

export const lineageFormats = ['text', 'mermaid', 'svg', 'openlineage'] as const;
export type LineageFormat = (typeof lineageFormats)[number];

/** A lineage in one of its forms. */
export interface DrawnLineage {
  readonly lines: readonly string[];
  /** What this form could not say. */
  readonly left: readonly string[];
}

/**
 * Draws a lineage; what a form needs is loaded for it alone.
 *
 * @param code whether code and configuration stand for themselves
 */
export async function drawnLineage(
  lineage: Lineage,
  format: LineageFormat,
  code: boolean,
  terminal: Terminal,
): Promise<DrawnLineage> {
  if (format === 'text') {
    const { lineageLines } = await import('./lineage-lines.ts');
    return { lines: lineageLines(lineage, code, terminal), left: [] };
  }
  if (format === 'openlineage') {
    const { openLineageEvents } = await import('@holdfast/pipeline/lineage/open-lineage');
    const { events, left } = openLineageEvents(lineage);
    const without = `? ${countOf(left.length, 'run says', 'runs say')} no time that can be read, and an event needs one`;
    return { lines: events.map((event) => JSON.stringify(event)), left: left.length === 0 ? [] : [without] };
  }
  const { pictureOf } = await import('@holdfast/pipeline/lineage/picture');
  const picture = pictureOf(lineage, { code });
  const text =
    format === 'mermaid'
      ? (await import('@holdfast/pipeline/lineage/mermaid')).mermaidText(picture)
      : (await import('@holdfast/pipeline/lineage/svg')).svgText(picture);
  return { lines: [text], left: [] };
}
