import type { Dialect, TableColumn } from '@holdfast/dataset';
import { countWhere } from '../metrics/count.ts';
import type { Aggregate } from '../metrics/metric.ts';

/**
 * Texts that `pandas.read_csv` takes for a missing value unless told otherwise
 * (https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html, `na_values`).
 */
const missingToPandas = [
  ...['#N/A', '#N/A N/A', '#NA', '-1.#IND', '-1.#QNAN', '-NaN', '-nan', '1.#IND', '1.#QNAN', '<NA>', 'N/A', 'NA'],
  ...['NULL', 'NaN', 'None', 'n/a', 'nan', 'null'],
];

/** What it reads as numbers or truth values although we keep it as text: `007` above all. */
const otherToPandas =
  '^ *[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)? *$|^[+-]?([Ii][Nn][Ff]|[Ii][Nn][Ff][Ii][Nn][Ii][Tt][Yy])$|^(TRUE|True|true|FALSE|False|false)$';

/** Values of a text column of a CSV file that pandas would read as missing. */
export function missingInPandas(dialect: Dialect, { value }: TableColumn): Aggregate<number, number> {
  const texts = missingToPandas.map((text) => dialect.literal(text)).join(', ');
  return countWhere(`${value} IN (${texts})`);
}

/** Values of a text column of a CSV file that pandas would read as numbers, if all of the column were so. */
export function numbersInPandas(dialect: Dialect, { value }: TableColumn): Aggregate<number, number> {
  return countWhere(dialect.matches(value, otherToPandas));
}
