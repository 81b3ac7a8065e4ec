import { quote } from '../base/shell-word.ts';
import type { LogsModel, LogTallyModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A bond of network interfaces has none left that has a link, and none has come back. */
export const bondDown = rule({
  id: 'bond-down',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['bond-down'], undefined, (tally) => !isBack(logs, tally));
    if (trouble === null) return [];
    const bonds = namesIn(trouble.about);
    const [bond] = trouble.about;
    return [
      logFinding(trouble, at, {
        id: 'bond-down',
        severity: 'warning',
        title: `Bond ${bonds} has no active interface`,
        past: `Bond ${bonds} had no active interface`,
        summary:
          'No interface of the bond has a link, or an answer to its ARP probes. What goes over it is lost until one comes back: the kubelet, network storage and pods wait.',
        remedies: [
          {
            text: 'See the state of each interface, and how often its link failed.',
            command: bond === undefined ? null : `cat /proc/net/bonding/${quote(bond)}`,
            risk: 'none',
          },
          {
            text: 'Check the cables and the switch. If all interfaces fail at once, it is the switch, or a mode of the bond that the switch does not have.',
            command: null,
            risk: 'none',
          },
        ],
      }),
    ];
  },
});

const isBack = ({ tallies }: LogsModel, { about, lastAt }: LogTallyModel): boolean =>
  tallies.some((one) => one.sign === 'bond-up' && one.about === about && (one.lastAt ?? 0) >= (lastAt ?? 0));
