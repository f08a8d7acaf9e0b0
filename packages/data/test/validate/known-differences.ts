/** Where we do not say what Great Expectations 1.24.1 says, by the names of the recorded cases, and why. */
export const knownDifferences: readonly { readonly name: RegExp; readonly why: string }[] = [
  { name: /^multicolumn_values_to_be_unique/, why: 'suites of before 0.13 have it, GX 1.x does not' },
  { name: /of infinite: value (std|1 |2.5 )/, why: 'beside infinite values there is no deviation: GX lets all pass' },
  {
    name: /between of (mixed: (text|unicode|grade a z|timestamps as text|seen 2023.*)|odd: odd name #2|texts: text of dates)$/,
    why: 'texts and dates have an order in SQL; GX 1.x takes numbers only, or trips over a date beside a time',
  },
  {
    name: /between of mixed: \{min_value: 13, max_value: 3\}$/,
    why: 'GX refuses to make it; nothing lies between ends that are the wrong way round',
  },
  { name: /between of mixed: \{\} \{.*\}$/, why: 'GX refuses lengths without an end; without one every length fits' },
  {
    name: /parse_strings_as_datetimes$/,
    why: 'GX 1.x has dropped the argument; older suites carry it, and of dates it changes nothing',
  },
  {
    name: /value_lengths_to_.* of mixed: (rank|score|born|active)$/,
    why: 'what is no text has no length: how a number is written is the engine’s affair',
  },
  {
    name: /(in_set of mixed: malformed|to_equal of mixed: malformed True|ordered_list of sequences: null)/,
    why: 'arguments of the wrong type are not guessed at',
  },
  {
    name: /distinct_values_to_be_in_set of mixed: empty$/,
    why: 'GX refuses an empty set; every value is outside of it',
  },
  { name: /most_common_value_to_be_in_set of mixed: timestamps$/, why: 'a time is the same with a blank and with a T' },
  {
    name: /(mean|median|stdev|sum)_to_be_between of (empty: grade|nulls: text)$/,
    why: 'a column of texts has no mean, not even when it is empty',
  },
  { name: /multicolumn_sum_to_equal of pairs: \['x', 'y'/, why: 'texts have no sum' },
  {
    name: /quantile_values_to_be_between of mixed: lengths differ$/,
    why: 'a range without a quantile is not guessed at',
  },
  { name: /z_scores_to_be_less_than of mixed: seen/, why: 'times have no z-score here' },
  {
    name: /z_scores_to_be_less_than of numbers: negative threshold, both sides$/,
    why: 'no distance is below a negative number',
  },
  {
    name: /kl_divergence_to_be_less_than of numbers: no partition$/,
    why: 'data held against themselves prove nothing',
  },
  {
    name: /query_results_to_match_comparison of mixed: no such source$/,
    why: 'connections have no names here: tables have',
  },
  {
    name: /(of_type|type_list|type_to_be) of .* (int|int64|float|str|bool|FLOAT|datetime64\[ns\]|string|Int64|INTEGER|BIGINT|VARCHAR|TIMESTAMP|DECIMAL|NUMERIC|\w+Type|datetime|Timestamp|None|\[.*\])$/,
    why: 'a type is met by any of its names in Python, NumPy, pandas, SQL and Spark',
  },
];
