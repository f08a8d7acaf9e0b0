/** What YAML holds for a program in Python: `int` is a bigint, `float` a number, `dict` a map. */
export type PythonValue = string | boolean | null | bigint | number | readonly PythonValue[] | PythonMap;
export type PythonMap = ReadonlyMap<string, PythonValue>;

/** The mapping that a value is; an empty one for what is none. */
export function mapOf(value: PythonValue | undefined): PythonMap {
  return value instanceof Map ? (value as PythonMap) : new Map();
}

/** The list that a value is; an empty one for what is none. */
export function listOf(value: PythonValue | undefined): readonly PythonValue[] {
  return Array.isArray(value) ? (value as readonly PythonValue[]) : [];
}

/** The text that a value is; `undefined` for what is none. */
export function textOf(value: PythonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What `str()` of Python makes of a scalar; `undefined` for lists and mappings. */
export function pythonText(value: PythonValue): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'number' ? pythonFloat(value) : undefined;
}

/**
 * `repr()` of a float: the shortest digits that read back as the same number, with an exponent of at least two digits
 * below 1e-4 and from 1e16 on (CPython, Objects/floatobject.c, `float_repr_style` short).
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const digits = mantissa.replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** `shlex.quote()`: a text as one word of a POSIX shell. */
export function shellQuoted(text: string): string {
  if (text === '') return "''";
  // not in shlex's own class of harmless characters, which is that of ASCII
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}
