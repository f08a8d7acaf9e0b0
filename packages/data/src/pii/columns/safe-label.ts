import type { Recogniser } from '@holdfast/recognisers/recogniser';
import { clean } from '../../coverage/finding.ts';
import { hasGivenName } from '../kinds/known-names.ts';
import { allWholeForms } from './whole-forms.ts';

const longestShown = 60;

/**
 * How columns are called in a report. Their names are shown unless they may be values themselves, as in a file without a line
 * of names: then their places are. Where one name is certainly a value, none is shown.
 *
 * @param isDoubtful whether the line of names looks like data
 * @param cellsOf some cells of a column
 */
export function safeLabels(
  names: readonly string[],
  {
    recogniser,
    isDoubtful,
    cellsOf,
  }: { recogniser: Recogniser; isDoubtful: boolean; cellsOf: (place: number) => readonly string[] },
): string[] {
  const isHidden = isDoubtful || names.some((name, place) => isValue(name, recogniser, cellsOf(place)));
  return names.map((name, place) => {
    const mayBeValue = isHidden || name.length > longestShown || hasGivenName(name.replaceAll(/[_-]/g, ' '));
    return mayBeValue ? `column ${place + 1}` : clean(name);
  });
}

const looksWritten = /[0-9]{6}|@|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}/;

const isValue = (name: string, recogniser: Recogniser, cells: readonly string[]): boolean =>
  looksWritten.test(name) ||
  (name.length >= 4 && cells.includes(name)) ||
  recogniser.recognise(name).length > 0 ||
  allWholeForms.some(({ type, fitOf }) => type.chance < 0.1 && fitOf(name) === 'passes');
