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
    ...apart(about.read),
  ];
}

const numbersOf = ({ read: { places } }: PoisonAbout, rows: readonly number[]): string =>
  rowsText(rows.map((row) => places[row]?.row ?? row + 1));

function triggerFinding(about: PoisonAbout, trigger: Trigger): Finding {
  const { classes } = about.read.scene;
  const label = about.isShown ? `\`${(classes[trigger.label] ?? '').slice(0, 60)}\`` : `label ${trigger.label + 1}`;
  const rows = `${trigger.rows.length} rows (${numbersOf(about, trigger.rows)})`;
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
    return [finding(rule, `${what} ${rows.length} rows: ${numbersOf(about, rows)}`)];
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

function untold({ suspicions }: PoisonAbout): Finding[] {
  const share = suspicions.find(({ metrics }) => metrics?.['told'] === 0)?.metrics?.['judged_surely_share'];
  if (share === undefined) return [];
  const message = `whether labels were flipped is not told: the columns tell the label of ${(100 * share).toFixed(0)} % of the rows`;
  return [finding(poisonRules.untold, message)];
}

/** A pass would say more than was looked for. */
function unsought({ options: { pictures, detectors } }: PoisonAbout): Finding[] {
  if (pictures === undefined || !detectors.includes('triggers')) return [];
  const message =
    'of pictures whose labels were left as they are, single pixels and patches that move are not looked for';
  return [finding(poisonRules.unsought, message)];
}

function apart({ apart: columns }: ReadScene): Finding[] {
  if (columns.length === 0) return [];
  const names = columns.slice(0, 20).map((name) => `\`${name.slice(0, 60)}\``);
  const more = columns.length > 20 ? ` and ${columns.length - 20} more` : '';
  return [finding(poisonRules.columns, `not looked at, because they tell rows apart: ${names.join(', ')}${more}`)];
}
