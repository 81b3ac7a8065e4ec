import type { LogsModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { has, hourly, hourMs, logFinding, namesIn, troubleOfBoot } from './shared/log-trouble.ts';

const dayMs = 24 * hourMs;
/** Reports in an hour. A healthy processor has a corrected error now and then. Our own judgement. */
const again = 3;

/** A processor reports an error of the hardware: of its caches, its buses, or what is behind them. */
export const machineCheck = rule({
  id: 'machine-check',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    const trouble = troubleOfBoot(logs, ['machine-check-uncorrected', 'machine-check-corrected'], dayMs, { upMs, at });
    if (trouble === null) return [];
    const fatal = has(trouble, 'machine-check-uncorrected');
    const kind = fatal ? 'not corrected' : 'corrected';
    const which = trouble.about.length === 0 ? '' : `: ${namesIn(trouble.about)}`;
    return [
      logFinding(trouble, at, {
        id: 'machine-check',
        // What a poll finds (`Machine Check: 0`) was no exception: it may be left from before the last reset.
        severity: isException(logs)
          ? 'critical'
          : fatal
            ? 'warning'
            : hourly(trouble, 'machine-check-corrected') >= again
              ? 'warning'
              : 'info',
        confidence: 'certain',
        title: `Processors report errors of the hardware that were ${kind} (machine check)${which}`,
        past: `Processors reported errors of the hardware that were ${kind} (machine check)${which}`,
        summary: fatal
          ? 'It is a fault of a processor, of memory or of a device behind it, and not of software. The kernel panics when it cannot contain it; some firmware writes such a report of the time before the last reset.'
          : 'The hardware repaired what it found: nothing is lost so far. Where they become more and more, a part fails soon.',
        remedies: [
          {
            text: 'See what the bank and its code mean, and how many there are: rasdaemon decodes them.',
            command: 'ras-mc-ctl --summary; ras-mc-ctl --errors',
            risk: 'none',
          },
          {
            text: fatal
              ? 'Drain the node and have the hardware checked; read the event log of its management controller.'
              : 'Where the count rises, drain the node and have the hardware checked; update its firmware.',
            command: 'ipmitool sel list',
            risk: 'none',
          },
        ],
      }),
    ];
  },
});

const isException = ({ lines }: LogsModel): boolean =>
  lines.some(({ sign, text }) => sign === 'machine-check-uncorrected' && text.includes('Machine Check Exception'));
