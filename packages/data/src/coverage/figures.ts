import type { Figure } from '@holdfast/evidence/check';
import type { Covered, Judged } from './covered.ts';
import type { Picture } from './pictures.ts';
import { picturesOf } from './pictures-of.ts';

const schema = 'https://vega.github.io/schema/vega-lite/v6.json';

/** The pictures of a report, as Vega-Lite; what a page draws them from stands in `usermeta`. */
export function coverageFigures(covered: Covered, judged: Judged): Figure[] {
  return picturesOf(covered, judged).map((picture) => {
    const { bars, ...about } = picture;
    return {
      title: titleOf(picture).slice(0, 200),
      specification: {
        $schema: schema,
        usermeta: { coverage: about, values: judged.isShown ? 'shown' : 'hidden' },
        data: { values: bars },
        ...marksOf(picture),
      },
    };
  });
}

/** What a report has of a picture that {@link coverageFigures} made of it; nothing of any other. */
export function pictureOf({ specification }: Figure): Picture | undefined {
  const { usermeta, data } = specification as {
    readonly usermeta?: { readonly coverage?: object };
    readonly data?: { readonly values?: unknown };
  };
  if (usermeta?.coverage === undefined || !Array.isArray(data?.values)) return undefined;
  return { ...usermeta.coverage, bars: data.values } as unknown as Picture;
}

function titleOf(picture: Picture): string {
  if (picture.kind === 'slices') return 'Slices and their minima';
  if (picture.kind === 'ranges') return `Ranges of ${picture.column}`;
  if (picture.kind === 'covered') return 'What there is of the reference';
  if (picture.kind === 'distances') return 'Distances to the nearest row of the reference';
  return `Rows of ${picture.slice}`;
}

const nominal = (field: string): object => ({ field, type: 'nominal', sort: null, title: null });
const quantity = (field: string, more: object = {}): object => ({ field, type: 'quantitative', ...more });
const percent = { axis: { format: '%' } };

function marksOf(picture: Picture): object {
  if (picture.kind === 'slices' || picture.kind === 'values') {
    const y = nominal('name');
    return layered(
      { mark: 'bar', encoding: { y, x: quantity('rows', { title: 'rows' }) } },
      { mark: 'tick', encoding: { y, x: quantity('least') } },
    );
  }
  if (picture.kind === 'combinations') {
    return { mark: 'rect', encoding: { x: nominal('x'), y: nominal('y'), color: quantity('rows') } };
  }
  if (picture.kind === 'ranges') {
    const transform = [{ calculate: "(datum.from ?? '…') + ' to ' + (datum.to ?? '…')", as: 'range' }];
    const bars = { mark: 'bar', encoding: { x: nominal('range'), y: quantity('rows') } };
    return { transform, ...layered(bars, { mark: 'rule', encoding: { y: { datum: picture.least } } }) };
  }
  if (picture.kind === 'covered') {
    const bars = { mark: 'bar', encoding: { y: nominal('column'), x: quantity('covered', percent) } };
    return layered(bars, { mark: 'rule', encoding: { x: { datum: picture.least } } });
  }
  const encoding = {
    ...{ x: quantity('from', { bin: { binned: true }, title: 'distance' }), x2: { field: 'to' } },
    ...{ y: quantity('share', { ...percent, stack: null }), color: nominal('of'), opacity: { value: 0.5 } },
  };
  return { transform: [{ fold: ['table', 'usual'], as: ['of', 'share'] }], mark: 'bar', encoding };
}

const layered = (...layer: readonly object[]): object => ({ layer });
