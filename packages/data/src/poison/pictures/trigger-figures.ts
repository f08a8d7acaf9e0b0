import type { Figure } from '@holdfast/evidence/check';
import type { ImageTrigger } from '../detector.ts';
import type { PoisonAbout } from '../findings.ts';
import { drawn, drawnChange, drawnPattern } from './drawn.ts';

const schema = 'https://vega.github.io/schema/vega-lite/v6.json';
/** Triggers that are drawn, and pictures that carry the first one and another one. */
const mostTriggers = 6;
const mostCarriers = 6;
const mostOfOthers = 2;

/** A picture with what it is of. */
export interface Drawing {
  readonly what: string;
  /** PNG, as a `data:` URL. */
  readonly picture: string;
}

/**
 * What triggers in pictures look like: the pattern in its place, the mean of the accused pictures, of the others of their label, and the
 * difference, and some that are accused. Of pictures that are not for everybody's eyes, the pattern alone.
 */
export function triggerFigures(about: PoisonAbout): Figure[] {
  const { images } = about.read.scene;
  if (images === undefined) return [];
  const triggers = about.suspicions.flatMap(({ triggers: all }) => all.filter((each) => each.kind === 'image'));
  return triggers.slice(0, mostTriggers).map((trigger, at) => {
    const of = triggers.length > mostTriggers ? ` (the first ${mostTriggers} of ${triggers.length})` : '';
    const label = about.isShown
      ? `what goes with \`${(about.read.scene.classes[trigger.label] ?? '').slice(0, 60)}\``
      : `what goes with label ${trigger.label + 1}`;
    return figureOf(
      `Trigger ${at + 1}: ${label}${of}`,
      drawingsOf(about, trigger, images, at === 0 ? mostCarriers : mostOfOthers),
    );
  });
}

type Images = NonNullable<PoisonAbout['read']['scene']['images']>;

function drawingsOf(about: PoisonAbout, trigger: ImageTrigger, { values, shape }: Images, most: number): Drawing[] {
  const what = 'the pattern';
  if (!about.isShown) return [{ what, picture: drawnPattern(trigger, shape) }];
  const { labels } = about.read.scene;
  const suspect = new Set(about.accused.map(({ row }) => row));
  const isOwn = (row: number): boolean => labels[row] === trigger.label;
  const accused = trigger.rows.filter((row) => isOwn(row) && suspect.has(row));
  const others = [...labels.keys()].filter((row) => isOwn(row) && !suspect.has(row));
  const [mine, theirs] = [meanOf(values, shape, accused), meanOf(values, shape, others)];
  const change = mine.map((value, at) => value - (theirs[at] ?? 0));
  const size = mine.length;
  return [
    { what, picture: drawnPattern(trigger, shape, mine) },
    { what: `mean of ${accused.length} accused`, picture: drawn(mine, shape) },
    ...(others.length === 0
      ? []
      : [
          { what: `mean of ${others.length} others`, picture: drawn(theirs, shape) },
          { what: 'difference', picture: drawnChange(change, shape) },
        ]),
    ...accused.slice(0, most).map((row) => ({
      what: (about.read.pictures?.nameOf(row) ?? `row ${about.read.places[row]?.row ?? row + 1}`).slice(0, 200),
      picture: drawn(values.subarray(row * size, (row + 1) * size), shape),
    })),
  ];
}

function meanOf(values: Float32Array, [channels, height, width]: Images['shape'], rows: readonly number[]) {
  const size = channels * height * width;
  const sums = new Float64Array(size);
  for (const row of rows) for (let at = 0; at < size; at += 1) (sums[at] as number) += values[row * size + at] ?? 0;
  return Float32Array.from(sums, (sum) => sum / Math.max(1, rows.length));
}

function figureOf(title: string, drawings: readonly Drawing[]): Figure {
  return {
    title: title.slice(0, 200),
    specification: {
      ...{ $schema: schema, usermeta: { poison: 'trigger' }, data: { values: drawings } },
      ...{ width: { step: 128 }, height: 128, mark: { type: 'image', width: 112, height: 112 } },
      encoding: {
        x: { field: 'what', type: 'nominal', sort: null, title: null, axis: { labelAngle: 0, labelLimit: 120 } },
        url: { field: 'picture', type: 'nominal' },
      },
    },
  };
}

/** The pictures of a figure that {@link triggerFigures} made; nothing of any other. */
export function drawingsIn({ specification }: Figure): readonly Drawing[] | undefined {
  const { usermeta, data } = specification as {
    readonly usermeta?: { readonly poison?: unknown };
    readonly data?: { readonly values?: unknown };
  };
  if (usermeta?.poison !== 'trigger' || !Array.isArray(data?.values)) return undefined;
  return data.values.filter(isDrawing);
}

/** What comes from a report is checked before it becomes part of a page. */
function isDrawing(value: unknown): value is Drawing {
  const { what, picture } = (value ?? {}) as { readonly what?: unknown; readonly picture?: unknown };
  return typeof what === 'string' && typeof picture === 'string' && /^data:image\/png;base64,[\w+/=]+$/.test(picture);
}
