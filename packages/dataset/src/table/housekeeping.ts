const names: ReadonlySet<string> = new Set([
  ...['.DS_Store', 'Thumbs.db', 'desktop.ini', '.gitignore', '.gitattributes', '.gitkeep', '.keep', '.directory'],
  // what Spark, Hadoop, Databricks and Dask leave beside the parts that they write
  ...['_SUCCESS', '_metadata', '_common_metadata', '_temporary'],
]);

/** Checksums of Hadoop (`.part-0.parquet.crc`), marks of Databricks. */
const patterns: readonly RegExp[] = [/^\..+\.crc$/, /^_(?:committed|started)_\d+$/];

/**
 * Whether a file of this name is left by a program that looks after folders, and holds no rows: the only files in a folder that
 * nobody has to be told about when they are not read.
 */
export function isHousekeeping(name: string): boolean {
  return names.has(name) || patterns.some((pattern) => pattern.test(name));
}
