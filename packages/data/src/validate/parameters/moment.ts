/** A span of time, in microseconds: `timedelta` of Python. */
export interface Span {
  readonly span: bigint;
}

/** A time without a zone, in microseconds since 1970-01-01T00:00:00: `datetime` of Python. */
export interface Moment {
  readonly moment: bigint;
}

const units: Readonly<Record<string, number>> = {
  ...{
    days: 86_400e6,
    seconds: 1e6,
    microseconds: 1,
    milliseconds: 1e3,
    minutes: 60e6,
    hours: 3_600e6,
    weeks: 604_800e6,
  },
};

/** Positional arguments are in the order of Python's. */
export const spanUnits: readonly string[] = Object.keys(units);

/** `timedelta(days=1)`; undefined where a number does not come to whole microseconds. */
export function spanOf(given: readonly (readonly [unit: string, count: number])[]): Span | undefined {
  let span = 0n;
  for (const [unit, count] of given) {
    const each = count * (units[unit] ?? Number.NaN);
    if (!Number.isSafeInteger(each)) return undefined;
    span += BigInt(each);
  }
  return { span };
}

/** `datetime(2024, 1, 31, 12)`; undefined where there is no such time. */
export function momentOf(parts: readonly number[]): Moment | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0] = parts;
  const at = new Date(Date.UTC(2000, 0, 1, hour, minute, second));
  at.setUTCFullYear(year, month - 1, day);
  const fits =
    parts.length >= 3 &&
    parts.length <= 7 &&
    parts.every((part) => Number.isInteger(part) && part >= 0) &&
    year >= 1 &&
    year <= 9999 &&
    at.getUTCMonth() === month - 1 &&
    at.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    micros < 1e6;
  return fits ? { moment: BigInt(at.getTime()) * 1000n + BigInt(micros) } : undefined;
}

/** The local time of the clock, as Python's `datetime.now()`. */
export function momentNow(now: Date): Moment {
  return { moment: BigInt(now.getTime() - now.getTimezoneOffset() * 60_000) * 1000n };
}

/** As Python's `isoformat` writes it; undefined beyond the years 1 to 9999. */
export function writtenMoment({ moment }: Moment): string | undefined {
  const micros = ((moment % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const at = new Date(Number((moment - micros) / 1000n));
  const year = at.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  const text = at.toISOString().slice(0, 19);
  return micros === 0n ? text : `${text}.${micros.toString().padStart(6, '0')}`;
}
