import type { Finding, Rule } from '@holdfast/evidence/check';
import { rowsText } from '../rows-text.ts';
import type { Accused, Concentrated } from './accused.ts';
import type { ColumnTrigger, Suspicion, Trigger, TriggerPart } from './detector.ts';
import type { PoisonOptions } from './options.ts';
import type { ReadScene } from './read-scene.ts';
import { poisonRules } from './rules.ts';
import type { CategoryColumn } from './scene.ts';

/** All that a report is made of. */
export interface PoisonAbout {
  readonly read: ReadScene;
  readonly suspicions: readonly Suspicion[];
  readonly accused: readonly Accused[];
  readonly concentrated: readonly Concentrated[];
  /** Whether values may be. */
  readonly isShown: boolean;
  readonly options: PoisonOptions;
  /** What a model was given that nobody said it takes. */
  readonly assumed?: string | undefined;
}

const finding = (rule: Rule, message: string, where?: string): Finding => ({
  ...{ rule: rule.id, severity: rule.severity, message: message.slice(0, 4000) },
  ...(where === undefined ? {} : { where: where.slice(0, 400) }),
});

export function poisonFindings(about: PoisonAbout): readonly Finding[] {
  return [
    ...about.suspicions.flatMap(({ triggers }) => triggers.map((trigger) => triggerFinding(about, trigger))),
    ...rowFindings(about),
    ...sourceFindings(about),
    ...untold(about),
    ...unsought(about),
    ...assumed(about),
    ...apart(about.read),
  ];
}

/** Pictures that a finding names; the statement beside the report names all. */
const mostNamed = 8;

interface Named {
  readonly count: string;
  /** Empty where nothing may be said. */
  readonly names: string;
}

/**
 * Rows as a report names them: by their numbers; pictures by their files or their places in an array. Folders may be labels, which are not
 * shown of everything: then only how many there are is.
 */
function namedRows({ read: { places, pictures }, isShown }: PoisonAbout, rows: readonly number[]): Named {
  if (pictures === undefined) {
    return { count: `${rows.length} rows`, names: rowsText(rows.map((row) => places[row]?.row ?? row + 1)) };
  }
  const named = rows.slice(0, mostNamed).map((row) => `\`${pictures.nameOf(row).slice(0, 200)}\``);
  const more = rows.length > mostNamed ? ` and ${rows.length - mostNamed} more` : '';
  return { count: `${rows.length} pictures`, names: isShown ? `${named.join(', ')}${more}` : '' };
}

function triggerFinding(about: PoisonAbout, trigger: Trigger): Finding {
  const { classes } = about.read.scene;
  const label = about.isShown ? `\`${(classes[trigger.label] ?? '').slice(0, 60)}\`` : `label ${trigger.label + 1}`;
  const { count, names } = namedRows(about, trigger.rows);
  const rows = names === '' ? count : `${count} (${names})`;
  const how =
    trigger.labels === 'changed' ? 'their labels do not fit the rest of them' : 'of rows that fit their label';
  if (trigger.kind === 'image') return finding(poisonRules.trigger, `a patch of ${rows} goes with ${label}: ${how}`);
  const words = trigger.parts.map((part) => partText(about, part)).join(' and ');
  return finding(poisonRules.trigger, `${words} goes with ${label} in ${rows}: ${how}`, columnsOf(trigger));
}

const columnsOf = ({ parts }: ColumnTrigger): string => parts.map(({ column }) => column).join(', ');

function partText({ read: { scene }, isShown }: PoisonAbout, part: TriggerPart): string {
  const name = `\`${part.column.slice(0, 60)}\``;
  if (!isShown) return `a value of ${name}`;
  if (part.kind === 'missing') return `no ${name}`;
  if (part.kind === 'interval') {
    return part.low === part.high ? `${name} = ${part.low}` : `${name} from ${short(part.low)} to ${short(part.high)}`;
  }
  const column = scene.columns.find(
    (each): each is CategoryColumn => each.name === part.column && each.kind === 'category',
  );
  return `${name} = \`${(column?.texts[part.code] ?? '').slice(0, 60)}\``;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

function rowFindings(about: PoisonAbout): Finding[] {
  const of = { label: poisonRules.labels, cluster: poisonRules.cluster } as const;
  return Object.entries(of).flatMap(([reason, rule]) => {
    const rows = about.accused.filter(({ reasons }) => reasons.some((each) => each === reason)).map(({ row }) => row);
    if (rows.length === 0) return [];
    const what = reason === 'label' ? 'the labels of' : 'a model sets apart';
    const { count, names } = namedRows(about, rows);
    return [finding(rule, `${what} ${count}${names === '' ? '' : `: ${names}`}`)];
  });
}

function sourceFindings({ read: { scene }, suspicions, concentrated, isShown, options }: PoisonAbout): Finding[] {
  const named = (source: number): string =>
    isShown ? `\`${(scene.sources?.names[source] ?? '').slice(0, 60)}\`` : `source ${source + 1}`;
  const found = suspicions.flatMap(({ sources = [] }) => sources);
  return [
    ...found.map(({ source, p, says }) =>
      finding(poisonRules.source, `${named(source)}: ${says} (${chance(p)})`, options.source),
    ),
    ...concentrated.map(({ source, rows, suspects, p }) =>
      finding(
        poisonRules.concentrated,
        `${named(source)}: ${suspects} of its ${rows} rows are suspect (${chance(p)})`,
        options.source,
      ),
    ),
  ];
}

const chance = (p: number): string => (p < 1e-12 ? 'p below 1e-12' : `p ${p.toPrecision(2)}`);

function untold({ suspicions, read }: PoisonAbout): Finding[] {
  const share = suspicions.find(({ metrics }) => metrics?.['told'] === 0)?.metrics?.['judged_surely_share'];
  if (share === undefined) return [];
  const [what, rows] = read.pictures === undefined ? ['columns', 'rows'] : ['pixels', 'pictures'];
  const message = `whether labels were flipped is not told: the ${what} tell the label of ${(100 * share).toFixed(0)} % of the ${rows}`;
  return [finding(poisonRules.untold, message)];
}

/** A pass would say more than was looked for. */
function unsought({ options: { detectors }, read: { scene } }: PoisonAbout): Finding[] {
  if (scene.images === undefined || !detectors.includes('triggers')) return [];
  const message =
    'of pictures whose labels were left as they are, single pixels and patches that move are not looked for';
  return [finding(poisonRules.unsought, message)];
}

function assumed({ assumed: what }: PoisonAbout): Finding[] {
  if (what === undefined) return [];
  return [finding(poisonRules.assumed, `nobody says what pixels the model takes; it was given ${what}`)];
}

function apart({ apart: columns }: ReadScene): Finding[] {
  if (columns.length === 0) return [];
  const names = columns.slice(0, 20).map((name) => `\`${name.slice(0, 60)}\``);
  const more = columns.length > 20 ? ` and ${columns.length - 20} more` : '';
  return [finding(poisonRules.columns, `not looked at, because they tell rows apart: ${names.join(', ')}${more}`)];
}
