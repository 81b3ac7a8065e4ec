import { anyOf, formatMatchers, type Matcher } from './selector.ts';

/**
 * What Prometheus is asked. Their number does not depend on the number of nodes, and a healthy node is in no answer: it has no
 * `rtwatch_finding`.
 */
export const questionNames = ['findings', 'not seen', 'counts', 'versions', 'trends'] as const;
/** Prometheus' questions, and the one of Kubernetes. */
export type QuestionName = (typeof questionNames)[number] | 'node conditions';
/** The questions about all nodes; trends are asked of those that are shown. */
export type FleetQuestion = Exclude<(typeof questionNames)[number], 'trends'>;

/** A Sample older than this says nothing about now, in seconds: three scrapes of a minute. */
const staleAfterSeconds = 180;

/** Labels that only our queries set. */
export const markLabels = { blind: 'rtwatch_blind', count: 'rtwatch_count', trend: 'rtwatch_trend' } as const;

/** The job that the examples scrape rtwatch with; a selector that names another one is stronger. */
const job: Matcher = { label: 'job', operator: '=', value: 'rtwatch' };
const serious: Matcher = { label: 'severity', operator: '=~', value: 'critical|warning' };
const node = '(instance, cluster)';

/** @param selector limits every query */
export function fleetQueries(selector: readonly Matcher[]): Readonly<Record<FleetQuestion, string>> {
  const of = (metric: string, ...more: readonly Matcher[]): string => metric + formatMatchers([...selector, ...more]);
  const oneOf = (metrics: string, ...more: readonly Matcher[]): string =>
    of('', { label: '__name__', operator: '=~', value: metrics }, ...more);
  const down = `${of('up', ...(selector.some(({ label }) => label === job.label) ? [] : [job]))} == 0`;
  const age = `time() - ${of('rtwatch_last_sample_timestamp_seconds')}`;
  const facts = oneOf('rtwatch_daemon_info|rtwatch_node_info');
  const sick = of('rtwatch_finding', serious);
  return {
    findings: oneOf('rtwatch_finding|rtwatch_finding_since_seconds', serious),
    'not seen': [
      marked(down, markLabels.blind, 'down'),
      marked(`${of('rtwatch_sampler_up')} == 0`, markLabels.blind, 'sampler'),
      marked(`${age} > ${staleAfterSeconds}`, markLabels.blind, 'stale'),
    ].join(' or '),
    counts: [
      marked(
        `count(count by ${node} (${of('rtwatch_build_info')}) or count by ${node} (${down}))`,
        markLabels.count,
        'nodes',
      ),
      marked(`count(${of('rtwatch_rules_unjudged')} > 0)`, markLabels.count, 'unjudged'),
      marked(`count by (daemon, version, kernel) (${facts})`, markLabels.count, 'versions'),
    ].join(' or '),
    versions: `${facts} and on ${node} ${sick}`,
  };
}

/** The trends of some nodes, for a range query. */
export function trendsQuery(selector: readonly Matcher[], instances: readonly string[]): string {
  const some: Matcher = { label: 'instance', operator: '=~', value: anyOf(instances) };
  const of = (metric: string, ...more: readonly Matcher[]): string =>
    `max by ${node} (${metric}${formatMatchers([...selector, ...more, some])})`;
  const io: readonly Matcher[] = [
    { label: 'resource', operator: '=', value: 'io' },
    { label: 'kind', operator: '=', value: 'some' },
  ];
  return [
    marked(of('rtwatch_daemon_goroutines'), markLabels.trend, 'goroutines'),
    marked(of('rtwatch_pressure_ratio', ...io), markLabels.trend, 'io'),
  ].join(' or ');
}

function marked(expression: string, label: string, value: string): string {
  return `label_replace(${expression}, "${label}", "${value}", "", "")`;
}
