import type { LogsModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { hourMs, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** So often since the boot that it is no short burst of work. Our own judgement. */
const manyEvents = 1000;
/** The kernel reports a CPU once in five minutes at most (CHECK_INTERVAL of drivers/thermal/intel/therm_throt.c). */
const betweenReportsMs = 290_000;

/** Processors slow down because they are too hot: everything on the node takes longer. It loses nothing, so it only informs. */
export const hotCpu = rule({
  id: 'hot-cpu',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['cpu-throttled'], hourMs);
    if (trouble === null) return [];
    const { firstAt, lastAt } = trouble;
    const events = Math.max(0, ...trouble.tallies.map(({ example = '' }) => eventsIn(example)));
    const lasts = firstAt !== null && lastAt !== null && lastAt - firstAt >= betweenReportsMs;
    if (events < manyEvents && !lasts) return [];
    const which = namesIn(trouble.about.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasCooled(logs, lastAt) }, at, {
        id: 'hot-cpu',
        severity: 'info',
        confidence: 'certain',
        title: `Processors are too hot, and run slower: ${which}`,
        past: `Processors were too hot, and ran slower: ${which}`,
        summary:
          'The hardware lowers the clock until they have cooled down. Everything on the node takes longer meanwhile, without more load in any figure.',
        remedies: [
          {
            text: 'See temperatures and fans, and how often each processor was slowed down. Clean or repair the cooling of a server; a laptop under full load does so without a fault.',
            command:
              'ipmitool sdr type Temperature; ipmitool sdr type Fan; grep . /sys/devices/system/cpu/cpu*/thermal_throttle/package_throttle_count',
            risk: 'none',
          },
        ],
      }),
    ];
  },
});

const eventsIn = (text: string): number => Number(/total events = (\d{1,15})/.exec(text)?.[1] ?? 0);

/** The newest line of all says that it is normal again. */
function hasCooled({ tallies }: LogsModel, lastAt: number | null): boolean {
  return lastAt !== null && tallies.some((tally) => tally.sign === 'cpu-cooled' && (tally.lastAt ?? 0) > lastAt);
}
