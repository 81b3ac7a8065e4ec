import type { LogsModel } from '../model/logs/logs.ts';
import type { LogLine } from '../sample/logs.ts';
import { type Finding, rule } from './engine/rule.ts';
import { has, hourMs, type LogTrouble, logFinding, namesIn, troubleOfBoot } from './shared/log-trouble.ts';

const dayMs = 24 * hourMs;

/** The driver of NVIDIA or of AMD reports a GPU that is gone, or that is not well. */
export const gpuFault = rule({
  id: 'gpu-fault',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    // A reboot resets every GPU.
    const trouble = troubleOfBoot(logs, ['gpu-lost', 'gpu-lost-event', 'gpu-fault'], dayMs, { upMs, at });
    const hung = troubleOfBoot(logs, ['amdgpu-reset'], hourMs, { upMs, at });
    const resets = hung === null ? [] : [resetFinding(hung, at)];
    if (trouble === null) return [...resets, ...mismatchOf(logs, upMs, at)];
    const lost = has(trouble, 'gpu-lost', 'gpu-lost-event');
    const named = trouble.about.length > 0 || !lost ? trouble.about : namedBefore(logs.lines);
    const which = named.length === 0 ? '' : ` (${namesIn(named)})`;
    return [
      ...resets,
      logFinding(trouble, at, {
        id: 'gpu-fault',
        severity: lost ? 'critical' : 'warning',
        confidence: 'certain',
        title: lost ? `A GPU fell off the bus${which}` : `A GPU reports a fault (Xid)${which}`,
        past: `A GPU reported a fault${which}`,
        summary: lost
          ? 'The NVIDIA driver gets no answer from it. Calls into the driver may block in D, and containers with this GPU cannot exit meanwhile.'
          : 'The NVIDIA driver reports an error of its memory, its links or its firmware. Programs that use it fail or block.',
        remedies: [
          {
            text: 'See the number of the error (Xid): NVIDIA’s list of Xid errors says what it means.',
            command: "dmesg -T | grep -E 'NVRM|Xid' | tail -20",
            risk: 'none',
          },
          {
            text: lost
              ? 'Drain the node and reboot it; if the GPU does not come back, switch the power off and on, then check the slot and the power supply.'
              : 'Drain the node, then reset the GPU while nothing uses it, or reboot.',
            command: lost ? null : 'nvidia-smi --gpu-reset -i N',
            risk: 'high',
          },
        ],
        subjects: { devices: named },
      }),
    ];
  },
});

function resetFinding(trouble: LogTrouble, at: number): Finding {
  const which = trouble.about.length === 0 ? '' : ` (${namesIn(trouble.about)})`;
  return logFinding(trouble, at, {
    id: 'gpu-fault',
    severity: 'warning',
    confidence: 'certain',
    title: `An AMD GPU hung and is reset${which}`,
    past: `An AMD GPU hung and was reset${which}`,
    summary:
      'What was sent to it did not end in time, and its driver (amdgpu) resets the whole GPU. Every program that uses it loses its work, also those that did nothing wrong.',
    remedies: [
      {
        text: 'See which process it names, and whether the reset succeeded.',
        command: 'dmesg -T | grep amdgpu | tail -30',
        risk: 'none',
      },
      {
        text: 'Restart the containers that use this GPU. If it hangs again and again, drain the node, reboot it, and try a newer kernel and firmware.',
        command: null,
        risk: 'high',
      },
    ],
    subjects: { devices: trouble.about },
  });
}

/** The driver's packages were upgraded, and the module of before is still loaded. */
function mismatchOf(logs: LogsModel, upMs: number | null, at: number): Finding[] {
  const trouble = troubleOfBoot(logs, ['gpu-driver-mismatch'], hourMs, { upMs, at });
  if (trouble === null) return [];
  return [
    logFinding(trouble, at, {
      id: 'gpu-fault',
      severity: 'warning',
      confidence: 'certain',
      title: 'No container with a GPU starts: the loaded NVIDIA driver and its library are of different versions',
      past: 'The loaded NVIDIA driver and its library were of different versions',
      summary:
        'The packages of the driver were upgraded, and the kernel still has the module of before. Containers that run with a GPU go on.',
      remedies: [
        {
          text: 'Compare the two versions.',
          command: 'cat /proc/driver/nvidia/version; modinfo -F version nvidia',
          risk: 'none',
        },
        {
          text: 'Drain the node and reboot it, or unload the module while nothing uses a GPU.',
          command: null,
          risk: 'high',
        },
      ],
    }),
  ];
}

/** The GPU that is named directly before the line that says it is lost. */
function namedBefore(lines: readonly LogLine[]): readonly string[] {
  const lost = lines.filter(({ sign }) => sign === 'gpu-lost');
  const named = lines.filter(({ sign, n }) => sign === 'gpu-named' && lost.some((line) => line.n === n + 1));
  return [...new Set(named.flatMap(({ device }) => device ?? []))];
}
