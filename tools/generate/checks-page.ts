import type { CheckDescription } from '@holdfast/evidence';
import { code, page, sentence, table } from './markdown.ts';

interface OptionSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
}

/** docs/reference/checks.md: every check with its options and its rules. */
export function checksPage(checks: readonly CheckDescription[]): string {
  return page(
    '# Checks',
    'A check looks at one artifact and leaves a report as evidence: verdict, metrics, findings, and what it did not look at. ' +
      '`checks:` in [holdfast.yaml](holdfast-yaml.md) says which ones look at what. A verdict of `unknown` is never a pass.',
    ...checks.flatMap(section),
  );
}

function section(check: CheckDescription): string[] {
  return [
    `## ${check.name}`,
    `${sentence(check.title)} Version ${check.version.replace(/\+.*/, '')}; for ${check.artifacts.join(', ')}.`,
    optionsTable(check.options),
    ...inputsLine(check.inputs ?? []),
    '### What it finds',
    table(
      ['rule', 'severity', 'what it means', 'what to do', 'see'],
      check.rules.map((rule) => [
        code(rule.id),
        rule.severity,
        sentence(rule.title),
        sentence(rule.fix),
        rule.references.join(', '),
      ]),
    ),
  ];
}

function inputsLine(options: readonly string[]): string[] {
  const names = options.map(code).join(', ');
  return options.length === 0
    ? []
    : [`What ${names} names is an artifact, or a path in the project; its digest stands in the report.`];
}

function optionsTable(options: CheckDescription['options']): string {
  const properties = (options['properties'] ?? {}) as Readonly<Record<string, OptionSchema>>;
  const rows = Object.entries(properties).map(([name, option]) => [
    code(name),
    option.type ?? '',
    option.default === undefined ? '' : code(JSON.stringify(option.default)),
    sentence(option.description ?? ''),
  ]);
  return rows.length === 0 ? 'It takes no options.' : table(['option', 'value', 'default', ''], rows);
}
