import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { Moments } from '../column-drift.ts';
import type { ColumnsMeta, DriftLine } from '../columns-figure.ts';
import type { Bar } from '../figures.ts';

type Specification = NonNullable<CheckPredicate['figures']>[number]['specification'];

/** How a column changed, as it stands in a report. */
export interface ColumnPicture {
  readonly column: string;
  readonly kind: 'numeric' | 'categorical';
  readonly moments?: Moments;
  readonly bars: readonly Bar[];
}

/** What a page shows of a report. */
export interface DriftPictures {
  readonly meta: ColumnsMeta;
  readonly lines: readonly DriftLine[];
  readonly columns: readonly ColumnPicture[];
}

/** The numbers behind the pictures of a report of `data.drift`; nothing where it has none, because nothing was found out. */
export function picturesOf({ figures = [] }: Pick<CheckPredicate, 'figures'>): DriftPictures | undefined {
  const [all, ...others] = figures.map(({ specification }) => specification);
  const meta = all?.['usermeta'] as ColumnsMeta | undefined;
  if (all === undefined || meta?.picture !== 'columns') return undefined;
  const columns = others.flatMap((specification) => {
    const about = specification['usermeta'] as Omit<ColumnPicture, 'bars'> | undefined;
    return about === undefined ? [] : [{ ...about, bars: barsOf(specification) }];
  });
  return { meta, lines: valuesOf(all) as readonly DriftLine[], columns };
}

const valuesOf = ({ data }: Specification): readonly unknown[] =>
  (data as { readonly values?: readonly unknown[] } | undefined)?.values ?? [];

/** A bar is two values of the specification: its share of the reference, and that of the table. */
function barsOf(specification: Specification): Bar[] {
  const values = valuesOf(specification) as readonly (Pick<Bar, 'label' | 'from' | 'to'> & Share)[];
  const reference = values.filter(({ table }) => table === 'reference');
  return values
    .filter(({ table }) => table === 'current')
    .map(({ label, from, to, share }, at) => ({
      ...{ label, current: share, reference: reference[at]?.share ?? 0 },
      ...(from === undefined || to === undefined ? {} : { from, to }),
    }));
}

interface Share {
  readonly table: 'current' | 'reference';
  readonly share: number;
}
