// What the suite beside this costs when its SQL is written by hand for DuckDB: the floor of what any checker can reach.
// Usage: node bench/peers/expectations-floor.mjs TABLE.parquet
import { DuckDBInstance } from '@duckdb/node-api';

const [, , file = ''] = process.argv;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const table = `read_parquet('${file.replaceAll("'", "''")}')`;
const questions = [
  `SELECT count(*), count(id), count(age), count(*) FILTER (age NOT BETWEEN 18 AND 110), count(*) FILTER (income NOT BETWEEN 0 AND 250000),
    avg(income), quantile_disc(income, [0.1, 0.5, 0.9]), stddev_samp(score), median(score),
    count(*) FILTER (country NOT IN ('DE', 'FR', 'AT', 'CH', 'IT', 'ES', 'PL', 'NL')), count(*) FILTER (NOT regexp_matches(code, '^C[0-9]+$')),
    count(*) FILTER (length(name) NOT BETWEEN 6 AND 9), count(DISTINCT name), count(*) FILTER (closed < opened), max(seen),
    count(*) FILTER (active AND defaults NOT BETWEEN 0 AND 5), count(DISTINCT defaults), count(DISTINCT country) FROM ${table}`,
  ...['id', 'code', 'id, code'].map(
    (columns) => `SELECT sum(n) FROM (SELECT count(*) AS n FROM ${table} GROUP BY ${columns} HAVING count(*) > 1)`,
  ),
];
for (const question of questions) await connection.runAndReadAll(question);
