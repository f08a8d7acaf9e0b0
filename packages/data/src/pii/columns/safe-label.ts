import type { Recogniser } from '@holdfast/recognisers/recogniser';
import { clean } from '../../coverage/finding.ts';
import { hasGivenName } from '../kinds/known-names.ts';
import { allWholeForms } from './whole-forms.ts';

const longestShown = 60;

/**
 * How a column is called in a report. Its name is shown unless it may be a value itself, as in a file without a line of names:
 * then its place is.
 *
 * @param isDoubtful whether the line of names looks like data
 * @param cells of the column
 */
export function safeLabel(
  name: string,
  place: number,
  { recogniser, isDoubtful, cells }: { recogniser: Recogniser; isDoubtful: boolean; cells: readonly string[] },
): string {
  const isValue =
    isDoubtful ||
    name.length > longestShown ||
    /[0-9]{5}|@|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}/.test(name) ||
    cells.includes(name) ||
    hasGivenName(name.replaceAll(/[_-]/g, ' ')) ||
    recogniser.recognise(name).length > 0 ||
    allWholeForms.some(({ type, fitOf }) => type.chance < 0.3 && fitOf(name) === 'passes');
  return isValue ? `column ${place + 1}` : clean(name);
}
