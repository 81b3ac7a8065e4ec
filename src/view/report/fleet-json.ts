import { isoMoment } from '../../base/moments.ts';
import { type FleetSnapshot, statusOf } from '../../fleet/fleet.ts';
import { blindText } from '../fleet-words.ts';

/** The fleet for programs, in the manner of `check --json`. Fields only get added. */
export function fleetJson(snapshot: FleetSnapshot): unknown {
  const { fleet, at, questions } = snapshot;
  const moment = (seconds: number | null): string | null => isoMoment(seconds === null ? null : seconds * 1000);
  const instanceOf = new Map(fleet?.nodes.map(({ key, instance }) => [key, instance]));
  return {
    schema: 1,
    status: statusOf(snapshot),
    takenAt: isoMoment(at),
    counts: {
      nodes: fleet?.total ?? null,
      critical: fleet?.critical ?? null,
      warning: fleet?.warning ?? null,
      notSeen: fleet?.notSeen ?? null,
      healthy: fleet?.healthy ?? null,
      unjudged: fleet?.unjudged ?? null,
    },
    questions: questions.map(({ name, trouble, warning, answeredAt }) => ({
      name,
      answeredAt: isoMoment(answeredAt),
      trouble,
      warning,
    })),
    findings: (fleet?.groups ?? []).map(({ id, severity, since, nodes, common }) => ({
      id,
      severity,
      common: common === '' ? null : common,
      since: moment(since),
      nodes: nodes.map((key) => instanceOf.get(key)),
    })),
    nodes: (fleet?.nodes ?? []).map((node) => ({
      instance: node.instance,
      cluster: node.cluster,
      worst: node.worst === 'blind' ? 'not-seen' : node.worst,
      notSeen: node.blind,
      notSeenBecause: blindText(node),
      ageSeconds: node.ageSeconds,
      since: moment(node.since),
      findings: node.findings.map((finding) => ({ ...finding, since: moment(finding.since) })),
      versions: node.versions,
    })),
  };
}
