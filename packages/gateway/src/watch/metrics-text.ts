import { latencyBounds } from './latencies.ts';
import type { Watch } from './watch.ts';

/** Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string | number>>;
type Sample = readonly [labels: Labels, value: number, suffix?: string];

/** All that is counted. Callers are no label: there may be any number of them, and who they are is not for everybody who reads metrics. */
export function metricsText(watch: Watch): string {
  const { routes } = watch;
  const labelled = routes.map((route) => ({
    ...route,
    labels: { model: route.about.model, route: route.about.route },
  }));
  return [
    family('holdfast_gateway_requests_total', 'counter', 'Requests that were answered, by HTTP status.', [
      ...labelled.flatMap(({ labels, statuses }) =>
        [...statuses].map(([status, count]): Sample => [{ ...labels, status }, count]),
      ),
    ]),
    family('holdfast_gateway_refused_total', 'counter', 'Requests that the gateway answered itself, by code.', [
      ...labelled.flatMap(({ labels, codes }) =>
        [...codes].map(([code, count]): Sample => [{ ...labels, code }, count]),
      ),
      ...[...watch.elsewhere].map(([code, count]): Sample => [{ model: '', route: '', code }, count]),
    ]),
    family(
      ...(['holdfast_gateway_rows_total', 'counter', 'Rows that predictions were asked for.'] as const),
      labelled.map(({ labels, rows }): Sample => [labels, rows]),
    ),
    family(
      ...(['holdfast_gateway_request_duration_seconds', 'histogram', 'From the head to the answer.'] as const),
      labelled.flatMap(({ labels, latencies }) => durations(labels, latencies)),
    ),
    family('holdfast_gateway_feature_stability_index', 'gauge', 'Against the training data, in the last full window.', [
      ...labelled.flatMap(({ labels, watch: { drift } }) =>
        drift.map(({ feature, stability }): Sample => [{ ...labels, feature }, stability]),
      ),
    ]),
    family('holdfast_gateway_score_distance', 'gauge', 'Kolmogorov-Smirnov distance to the first full window.', [
      ...labelled.flatMap(({ labels, watch: { scores } }): Sample[] =>
        scores === undefined ? [] : [[labels, scores.distance]],
      ),
    ]),
    family('holdfast_gateway_expected_accuracy', 'gauge', 'By the scores themselves, as far as they are calibrated.', [
      ...labelled.flatMap(({ labels, watch: { scores } }): Sample[] =>
        scores?.expectedAccuracy === undefined ? [] : [[labels, scores.expectedAccuracy]],
      ),
    ]),
    family('holdfast_gateway_alarms', 'gauge', 'Alarms that are raised now.', [
      ...labelled.map(({ labels, watch: { raised } }): Sample => [labels, raised.length]),
    ]),
  ].join('');
}

function durations(
  labels: Labels,
  { counts, sum, count }: { readonly counts: Float64Array; readonly sum: number; readonly count: number },
): Sample[] {
  let below = 0;
  const buckets = latencyBounds.map((le, at): Sample => {
    below += counts[at] as number;
    return [{ ...labels, le }, below, '_bucket'];
  });
  return [...buckets, [{ ...labels, le: '+Inf' }, count, '_bucket'], [labels, sum, '_sum'], [labels, count, '_count']];
}

function family(name: string, type: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value, suffix = '']) => `${name}${suffix}{${labelsText(labels)}} ${value}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}

const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(',');

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
