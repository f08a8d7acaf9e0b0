import { type ColumnType, spark } from '@holdfast/dataset';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** From the lists of functions of Spark SQL 3.5.0 (https://spark.apache.org/docs/3.5.0/api/sql/, and sql-ref-functions-builtin.html), those used here. */
const documented = new Set(
  'abs char_length coalesce concat concat_ws conv dayofyear floor hex hour isnan left lower md5 percentile_disc regexp_like regexp_replace rpad sum trim try_cast cast weekday'.split(
    ' ',
  ),
);
/** Words of its grammar, not functions. */
const words = new Set(
  'and as asc binary both boolean bigint case date decimal desc double else end false filter from in last like not null nulls or string then timestamp true when where within group order by'.split(
    ' ',
  ),
);

/** The names that stand outside of quotes, and those of them that a bracket follows. */
function namesOf(sql: string): { names: string[]; called: string[] } {
  const bare = sql.replaceAll(/'(?:[^'\\]|\\.)*'|`(?:[^`]|``)*`/g, ' ');
  expect(bare).not.toMatch(/::|\\|"|--|\/\*/);
  const names = [...bare.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name.toLowerCase());
  return { names, called: [...bare.matchAll(/([A-Za-z_]\w*)\s*\(/g)].map(([, name = '']) => name.toLowerCase()) };
}

const types: readonly ColumnType[] = [
  'boolean',
  'integer',
  'decimal',
  'number',
  'text',
  'date',
  'time',
  'timestamp',
  'bytes',
  'nested',
];

test('uses nothing but functions that Spark documents, whatever the names, texts and patterns', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom("'", '\\', "\\'", '`', '--', '/*', '$', "x' OR 1=1", '\n'),
  );
  fc.assert(
    fc.property(text, text, fc.double(), fc.bigInt(-(2n ** 64n), 2n ** 64n), (name, value, number, whole) => {
      const column = spark.identifier(name);
      const expressions = [
        ...types.flatMap((type) => [
          spark.text(column, type),
          spark.isNaN(column, type),
          spark.order(column, type, 'ascending'),
        ]),
        ...(['boolean', 'integer', 'number', 'date', 'time', 'timestamp'] as const).map((type) =>
          spark.tried(column, type),
        ),
        ...(['dayOfWeek', 'dayOfYear', 'hour'] as const).map((part) => spark.datePart(column, part)),
        ...[value, number, whole, true, null].map((constant) => spark.literal(constant)),
        ...[
          spark.matches(column, value),
          spark.hash(column),
          spark.length(column),
          spark.double(column),
          spark.floor(column),
          spark.whole(column),
          spark.atRanks(column, [0, 7], 12),
        ],
        ...[spark.exactSum(column, `${column} > 0`), spark.exactSum(column), spark.remainder(column, 1000n)],
      ];
      for (const sql of expressions) {
        const { names, called } = namesOf(sql);
        for (const each of called) expect(documented.has(each) || words.has(each), each).toBe(true);
        for (const each of names) {
          if (!/^(?:l|e\d+)$/.test(each))
            expect(documented.has(each) || words.has(each), `${each} in ${sql}`).toBe(true);
        }
      }
    }),
    { numRuns: 100, seed: 6 },
  );
});

test('a text is the same to Spark, which reads escapes: every character that could be one is written by its code', () => {
  const read = (sql: string): string =>
    sql
      .slice(1, -1)
      .replaceAll(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  for (const text of ["it's", '\\', '\\n', '\n', '"', '\u{1F600}', '\0', 'é', '\u2028']) {
    const sql = spark.literal(text);
    expect(read(sql)).toBe(text);
    expect(sql.slice(1, -1)).not.toMatch(/['"\n\0]|\\(?!u[0-9a-f]{4})/);
  }
});
