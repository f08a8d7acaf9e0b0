import type { ColumnType } from '@holdfast/dataset';
import { DataError } from '../../errors.ts';
import type { ProfileAbout } from '../about.ts';
import type { ColumnProfile } from '../column-profile.ts';
import type { Profile } from '../profile-of.ts';

/** What Croissant's responsible-AI vocabulary 1.0 knows, as its reference implementation does. */
const responsibleFields = [
  ...['dataCollection', 'dataCollectionType', 'dataCollectionMissingData', 'dataCollectionRawData'],
  ...['dataCollectionTimeFrame', 'dataImputationProtocol', 'dataPreprocessingProtocol', 'dataAnnotationProtocol'],
  ...['dataAnnotationPlatform', 'dataAnnotationAnalysis', 'annotationsPerItem', 'annotatorDemographics'],
  ...['machineAnnotationTools', 'dataUseCases', 'dataBiases', 'dataLimitations', 'dataSocialImpact'],
  ...['personalSensitiveInformation', 'dataReleaseMaintenancePlan'],
];

const own = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, `cr:${name}`]));

/** The context that Croissant 1.1 (section "Format") says to write down in full. */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  ...{ cr: 'http://mlcommons.org/croissant/', rai: 'http://mlcommons.org/croissant/RAI/' },
  ...{ dct: 'http://purl.org/dc/terms/', sc: 'https://schema.org/', conformsTo: 'dct:conformsTo' },
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  examples: { '@id': 'cr:examples', '@type': '@json' },
  ...{ name: { '@container': '@language' }, description: { '@container': '@language' } },
  ...own(['arrayShape', 'citeAs', 'column', 'containedIn', 'equivalentProperty', 'extract', 'field', 'fileObject']),
  ...own(['fileProperty', 'fileSet', 'format', 'includes', 'isArray', 'isLiveDataset', 'jsonPath', 'key', 'md5']),
  ...own(['parentField', 'path', 'recordSet', 'references', 'regex', 'repeated', 'replace', 'samplingRate']),
  ...own(['separator', 'source', 'subField', 'transform']),
};

/**
 * A profile as Croissant 1.1 metadata (JSON-LD), with its responsible-AI fields from what is declared: how values are
 * missing, personal data and consent, retention, and whatever else `about.responsible` says.
 *
 * https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
 *
 * @example
 * ```ts
 * import { croissant, profileOf } from '@holdfast/data';
 * import { openTable } from '@holdfast/dataset';
 *
 * const table = await openTable('applicants.csv');
 * const metadata = croissant(await profileOf([table]), { name: 'applicants', licence: 'CC-BY-4.0' });
 * await table.close();
 * ```
 *
 * @throws DataError HF_DATA_OPTIONS for a responsible-AI field that there is not
 */
export function croissant(profile: Profile, about: ProfileAbout): object {
  const { name, description, licence, source, version, datePublished, creator, citation } = about;
  return {
    '@context': context,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name,
    description: description ?? `${profile.rows} rows of ${profile.columns.length} columns.`,
    ...given({ license: licence, url: source, version, datePublished, citeAs: citation }),
    ...(creator === undefined ? {} : { creator: { '@type': 'sc:Organization', name: creator } }),
    ...responsible(profile, about),
    distribution: distribution(about),
    recordSet: [
      {
        ...{ '@type': 'cr:RecordSet', '@id': 'records', name: 'records' },
        description: 'One record a row.',
        field: profile.columns.map((column) => field(column, about)),
      },
    ],
  };
}

const given = (fields: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));

function responsible(
  profile: Profile,
  { classification, consent, retention, responsible: declared = {} }: ProfileAbout,
): object {
  const unknown = Object.keys(declared).find((name) => !responsibleFields.includes(name));
  if (unknown !== undefined) {
    throw new DataError('HF_DATA_OPTIONS', `Croissant’s responsible-AI vocabulary has no \`${unknown}\``, {
      fix: `give one of ${responsibleFields.join(', ')}`,
    });
  }
  const personal = [
    ...(classification === undefined ? [] : [`classification: ${classification}`]),
    ...(consent === undefined ? [] : [`consent: ${consent}`]),
  ];
  const fields: Readonly<Record<string, string | readonly string[]>> = {
    dataCollectionMissingData: missing(profile),
    ...(personal.length === 0 ? {} : { personalSensitiveInformation: personal }),
    ...(retention === undefined ? {} : { dataReleaseMaintenancePlan: `retention: ${retention}` }),
    ...declared,
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`rai:${name}`, value]));
}

function missing({ columns, rows, missing: all }: Profile): string {
  if (all === 0) return 'No value is missing.';
  const some = columns.filter((column) => column.missing > 0).slice(0, 100);
  return `Missing values, of ${rows} rows: ${some.map(({ name, missing: count }) => `${name} ${count}`).join(', ')}.`;
}

const formats: readonly (readonly [RegExp, string])[] = [
  [/\.(?:csv|data)$/i, 'text/csv'],
  [/\.tsv$/i, 'text/tab-separated-values'],
  [/\.parquet$/i, 'application/x-parquet'],
  [/\.(?:jsonl|ndjson)$/i, 'application/jsonlines'],
];
const formatOf = (name: string): string =>
  formats.find(([ending]) => ending.test(name))?.[1] ?? 'application/octet-stream';

function distribution({ files = [], source }: ProfileAbout): object[] {
  const objects = files.map(({ name, size, sha256 }) => ({
    ...{ '@type': 'cr:FileObject', '@id': name, name },
    contentUrl: files.length === 1 && source !== undefined ? source : name,
    ...{ contentSize: `${size} B`, encodingFormat: formatOf(name), sha256 },
  }));
  if (objects.length < 2) return objects;
  const ending = /\.[A-Za-z0-9]+$/.exec(files[0]?.name ?? '')?.[0] ?? '';
  const set = {
    '@type': 'cr:FileSet',
    '@id': 'parts',
    name: 'parts',
    encodingFormat: formatOf(ending),
    includes: `*${ending}`,
  };
  return [...objects, set];
}

const dataTypes: Readonly<Record<ColumnType, string>> = {
  ...{ boolean: 'sc:Boolean', integer: 'sc:Integer', decimal: 'sc:Float', number: 'sc:Float', text: 'sc:Text' },
  ...{ date: 'sc:Date', time: 'sc:Time', timestamp: 'sc:DateTime', bytes: 'sc:Text', nested: 'sc:Text' },
};

function field({ name, type, semantic, distinct }: ColumnProfile, { files = [] }: ProfileAbout): object {
  const [only] = files;
  const from = files.length > 1 ? { fileSet: { '@id': 'parts' } } : { fileObject: { '@id': only?.name ?? '' } };
  const meaning = [
    semantic?.type ?? type,
    ...(distinct === undefined ? [] : [`${distinct.isExact ? '' : 'about '}${distinct.count} different values`]),
  ];
  return {
    ...{ '@type': 'cr:Field', '@id': `records/${encodeURIComponent(name.toWellFormed())}`, name },
    description: meaning.join(', '),
    dataType: dataTypes[type],
    ...(only === undefined ? {} : { source: { ...from, extract: { column: name } } }),
  };
}
