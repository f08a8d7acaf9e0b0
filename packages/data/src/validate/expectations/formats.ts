import type { ExpectationType } from '../expectation-type.ts';
import { isDateutilDate } from '../texts/dateutil.ts';
import { JsonSchema } from '../texts/json-schema.ts';
import { textJudged } from '../texts/judged.ts';
import { plainTexts } from '../texts/plain-texts.ts';
import { pythonJson } from '../texts/python-json.ts';
import { strptimeFormat } from '../texts/strptime.ts';
import { valueMap } from '../value-map.ts';
import { likeExpectations } from './like.ts';
import { regexExpectations } from './regex.ts';

const strftime = textJudged(
  'expect_column_values_to_match_strftime_format',
  (kwargs) => {
    const format = strptimeFormat(kwargs.text('strftime_format'));
    return () => ({ judge: (texts) => texts.map((text) => format.reads(text)) });
  },
  plainTexts,
);

const dateutil = textJudged(
  'expect_column_values_to_be_dateutil_parseable',
  () => () => ({ judge: (texts) => texts.map(isDateutilDate) }),
  plainTexts,
);

const jsonTexts = textJudged(
  'expect_column_values_to_be_json_parseable',
  () => () => ({ judge: (texts) => texts.map((text) => pythonJson(text) !== undefined) }),
  plainTexts,
);

/** Python's `json.loads` takes nothing but texts. */
const noJson = valueMap(jsonTexts.name, () => 'FALSE');

const json: ExpectationType = {
  name: jsonTexts.name,
  prepare(kwargs, scene) {
    const isText = scene.column(kwargs.text('column')).type === 'text';
    return (isText ? jsonTexts : noJson).prepare(kwargs, scene);
  },
};

const jsonSchema = textJudged(
  'expect_column_values_to_match_json_schema',
  (kwargs) => {
    const given = kwargs.raw('json_schema');
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      return kwargs.refuse('json_schema', 'is no object');
    const schema = new JsonSchema(given as Readonly<Record<string, unknown>>);
    return () => schema;
  },
  plainTexts,
);

/** Types whose values are texts in a form that no SQL can judge, or a pattern's. */
export const formatExpectations: readonly ExpectationType[] = [
  ...[strftime, dateutil, json, jsonSchema],
  ...regexExpectations,
  ...likeExpectations,
];
