import { countOf, formatTimes } from '../base/counts.ts';
import { formatAgo, formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import { type Evidence, type Finding, noSubjects, rule } from './engine/rule.ts';
import { journalOf, startUnitOf } from './shared/daemon-units.ts';
import { loggedCrash } from './shared/logged-crash.ts';

/** An administrator who tries a setting restarts a daemon twice. */
const restartsSeen = 3;
const windowSeconds = 900;

/** A daemon crashes, is killed or aborts, and is restarted or no longer starts: seen by its processes and in the logs. */
export const crashLoop = rule({
  id: 'crash-loop',
  needs: [['logs', 'daemons']],
  uses: [],
  matters: false,
  judge: ({ logs, daemons, at }) => {
    const seen = (daemons ?? []).flatMap((daemon) => {
      const restarts = restartsOf(daemon);
      return restarts.length < restartsSeen ? [] : [{ daemon, restarts }];
    });
    const logged = logs === null ? null : loggedCrash(logs, daemons, at);
    if (logged === null) return seen.map((one) => seenFinding(one, at));
    const same = seen.find(({ daemon }) => logged.subjects.daemons.includes(daemon.name));
    const others = seen.filter((one) => one !== same).map((one) => seenFinding(one, at));
    if (same === undefined) return [logged, ...others];
    const raised = { ...logged, severity: 'critical' as const, evidence: [...seenEvidence(same), ...logged.evidence] };
    return [logged.severity === 'info' ? { ...raised, title: seenTitle(same) } : raised, ...others];
  },
});

interface Restarts {
  readonly daemon: DaemonModel;
  /** How long ago each new process was started, in seconds, the newest last. */
  readonly restarts: readonly number[];
}

/** The first process that was seen may have run for months. */
function restartsOf({ startsSecondsAgo }: DaemonModel): readonly number[] {
  return startsSecondsAgo.slice(1).filter((seconds) => seconds <= windowSeconds);
}

function seenFinding(one: Restarts, at: number): Finding {
  const { name, process } = one.daemon;
  const unit = startUnitOf(name);
  const since = Math.max(...one.restarts);
  return {
    id: 'crash-loop',
    severity: 'critical',
    confidence: 'certain',
    title: seenTitle(one),
    summary: `rtwatch saw ${countOf(one.restarts.length, 'new process', 'new processes')} of ${name} in the last ${formatSeconds(since)}. Containers keep running, but cannot be started, stopped or listed while it is down.`,
    since: Math.round((at - since * 1000) / 1000) * 1000,
    evidence: seenEvidence(one),
    subjects: { ...noSubjects, daemons: [name], pids: process === null ? [] : [process.pid] },
    ruledOut: [],
    remedies: [
      {
        text: 'Read its last log lines before each restart.',
        command: journalOf(name, 200),
        risk: 'none',
      },
      {
        text: 'See what stopped it, and how.',
        command: unit === null ? null : `systemctl status ${quote(unit)}`,
        risk: 'none',
      },
    ],
    references: [],
  };
}

function seenTitle({ daemon, restarts }: Restarts): string {
  return `${daemon.name} is in a crash loop: started ${formatTimes(restarts.length)} in the last ${formatSeconds(Math.max(...restarts))}`;
}

function seenEvidence({ daemon, restarts }: Restarts): Evidence[] {
  const ages = restarts.map((seconds) => formatAgo(seconds));
  return [{ source: '/proc/PID/stat', text: `a new process of ${daemon.name} was started ${listOf(ages, 6)}` }];
}
