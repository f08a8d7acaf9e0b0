import { pythonPattern } from '../../src/validate/patterns/index.ts';
import { comparable, oursComparable, type Recorded, type RecordedCase, type RecordedTables } from './recorded.ts';

export { RecordedTables } from './recorded.ts';

/** Numbers that dateutil takes for years or days, numbers as SQLite writes them, and times, which pandas writes by all of a column. */
const isLeft = ({ name }: RecordedCase): boolean =>
  name === 'column_values_to_be_dateutil_parseable of texts: number' ||
  /like_pattern of mixed: score$/.test(name) ||
  / of mixed: seen /.test(name);

/** Whether an answer needs a process of its own, which takes half a second to start. */
export function isSlow({ expectation: { kwargs } }: RecordedCase): boolean {
  const patterns = [kwargs['regex'] ?? [], kwargs['regex_list'] ?? []].flat() as string[];
  const isWritten = ['code', 'mail', 'grade', 'text', 'name', 'active', 'born', 'price', 'cost'];
  return (
    !isWritten.includes(String(kwargs['column'])) ||
    patterns.some((each) => pythonPattern(each).engine === 'javascript')
  );
}

/** Cases in which we say something else than Great Expectations: of LIKE on SQLite, of all else on pandas. */
export async function differing(
  tables: RecordedTables,
  file: string,
  cases: readonly RecordedCase[],
): Promise<readonly unknown[]> {
  const found = [];
  for (const each of cases) {
    const ours = await tables.judge(each);
    const answered = oursComparable(ours);
    const recorded = file === 'like' && each.sqlite !== 'same' ? each.sqlite : each.pandas;
    const theirs = isLeft(each) ? 'unanswered' : comparable(counted(recorded), each);
    if (answered !== theirs) found.push({ name: each.name, theirs, ours: answered, reason: ours.reason });
  }
  return found;
}

/** SQLite counts nothing in an empty table. */
function counted(recorded: Recorded): Recorded {
  const { result } = recorded;
  if (result?.element_count !== 0) return recorded;
  return { ...recorded, result: { ...result, unexpected_count: result.unexpected_count ?? 0 } };
}
