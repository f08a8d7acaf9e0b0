/** What a column's name says, by its words: `juv_fel_count` and `hoursPerWeek` are three words each. */
const named = {
  identifier: /^(?:id|ids|key|uid|guid|uuid|number|no|nr|index|idx|code|ref|reference|serial|identifier)$/,
  year: /^(?:year|years|yr|yob|jahr)$/,
  latitude: /^(?:lat|latitude)$/,
  longitude: /^(?:lon|lng|long|longitude)$/,
  postal: /^(?:zip|zipcode|postal|postcode|plz)$/,
  count: /^(?:count|counts|qty|quantity|total|times|visits|children|pregnancies|persons|existing|dependents)$/,
  amount:
    /^(?:amount|amounts|price|prices|cost|costs|gain|loss|fee|fees|salary|wage|wages|income|balance|revenue|payment|loan|tax|debt|value|eur|usd|gbp|dollars|euros)$/,
  ratio: /^(?:ratio|rate|rates|share|percent|percentage|pct|fraction|proportion|probability|prob)$/,
  duration:
    /^(?:duration|age|ages|days|day|hours|hour|minutes|mins|seconds|secs|weeks|months|years|tenure|elapsed|ms)$/,
} as const;

export type NameHint = keyof typeof named;

/** Whether a name has a word of a kind. */
export function says(name: string, hint: NameHint): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => named[hint].test(word));
}

/** Values that have an order which their texts do not show, from the least on. */
const scales: readonly (readonly string[])[] = [
  ['very low', 'low', 'medium', 'moderate', 'average', 'high', 'very high'],
  ['xxs', 'xs', 's', 'm', 'l', 'xl', 'xxl'],
  ['tiny', 'small', 'medium', 'large', 'huge'],
  ['never', 'rarely', 'sometimes', 'often', 'always'],
  ['strongly disagree', 'disagree', 'neutral', 'agree', 'strongly agree'],
  ['very bad', 'bad', 'poor', 'fair', 'good', 'very good', 'excellent'],
  ['first', 'second', 'third', 'fourth', 'fifth'],
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
];

/** Whether all of some values, at least two, are on one known scale. */
export function areOnScale(values: readonly string[]): boolean {
  const plain = values.map((value) => value.trim().toLowerCase());
  return plain.length >= 2 && scales.some((scale) => plain.every((value) => scale.includes(value)));
}
