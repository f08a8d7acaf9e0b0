import { latencyBounds } from './latencies.ts';
import type { RouteCount, Watch } from './watch.ts';

/** Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string | number>>;
type Sample = readonly [labels: Labels, value: number, suffix?: string];

interface Labelled extends RouteCount {
  readonly labels: Labels;
}

/** All that is counted. Callers are no label: there may be any number of them, and who they are is not for everybody who reads metrics. */
export function metricsText(watch: Watch): string {
  const routes = watch.routes.map((route) => ({
    ...{ ...route, labels: { model: route.about.model, route: route.about.route } },
  }));
  return [...counters(routes, watch.elsewhere), ...gauges(routes)].join('');
}

function counters(routes: readonly Labelled[], elsewhere: ReadonlyMap<string, number>): string[] {
  const statuses = routes.flatMap(({ labels, statuses: counts }) =>
    [...counts].map(([status, count]): Sample => [{ ...labels, status }, count]),
  );
  const codes = routes.flatMap(({ labels, codes: counts }) =>
    [...counts].map(([code, count]): Sample => [{ ...labels, code }, count]),
  );
  const unrouted = [...elsewhere].map(([code, count]): Sample => [{ model: '', route: '', code }, count]);
  const rows = routes.map(({ labels, rows: count }): Sample => [labels, count]);
  const times = routes.flatMap(({ labels, latencies }) => durations(labels, latencies));
  return [
    family('requests_total', 'counter', 'Requests that were answered, by HTTP status.', statuses),
    family('refused_total', 'counter', 'Requests that the gateway answered itself, by code.', [...codes, ...unrouted]),
    family('rows_total', 'counter', 'Rows that predictions were asked for.', rows),
    family('request_duration_seconds', 'histogram', 'From the head to the answer.', times),
  ];
}

function gauges(routes: readonly Labelled[]): string[] {
  const features = routes.flatMap(({ labels, watch: { drift } }) =>
    drift.map(({ feature, stability }): Sample => [{ ...labels, feature }, stability]),
  );
  const distances = routes.flatMap(({ labels, watch: { scores } }): Sample[] =>
    scores === undefined ? [] : [[labels, scores.distance]],
  );
  const accuracies = routes.flatMap(({ labels, watch: { scores } }): Sample[] =>
    scores?.expectedAccuracy === undefined ? [] : [[labels, scores.expectedAccuracy]],
  );
  const alarms = routes.map(({ labels, watch: { raised } }): Sample => [labels, raised.length]);
  return [
    family('feature_stability_index', 'gauge', 'Against the training data, in the last full window.', features),
    family('score_distance', 'gauge', 'Kolmogorov-Smirnov distance to the first full window.', distances),
    family('expected_accuracy', 'gauge', 'By the scores themselves, as far as they are calibrated.', accuracies),
    family('alarms', 'gauge', 'Alarms that are raised now.', alarms),
  ];
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

function family(short: string, type: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return '';
  const name = `holdfast_gateway_${short}`;
  const lines = samples.map(([labels, value, suffix = '']) => `${name}${suffix}{${labelsText(labels)}} ${value}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}

const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(',');

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
