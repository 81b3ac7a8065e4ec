import { describe, expect, test } from 'vitest';
import { derive, type Model } from '../../src/model/model.ts';
import { isHolding } from '../../src/model/processes/processes.ts';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { okValue } from '../../src/sample/reading.ts';
import { unpack, watchNode } from './captured-node.ts';
import { type Figures, type State, states } from './states.ts';

describe('a captured node', () => {
  test.each(states.map((state) => [state.name, state.what, state] as const))('%s: %s', async (_, _what, state) => {
    const model = derive(await watchNode(unpack(state.name), { dead: state.dead ?? false, logs: state.logs }));
    expect(figuresOf(model)).toEqual(state.figures);
    const { findings, unknown } = run(rules, model);
    expect(compare(findings, state)).toEqual({ missing: [], wrong: [], unnamed: [] });
    expect(unknown.filter(({ because }) => because.includes('itself failed'))).toEqual([]);
  });
});

function figuresOf({ daemons, processes, disks }: Model): Figures {
  const find = (name: string): Model['daemons'][number] | undefined => daemons.find((daemon) => daemon.name === name);
  const list = processes?.list ?? [];
  const pids = (some: typeof list): number[] => some.map(({ pid }) => pid).sort((a, b) => a - b);
  return {
    goroutines: [okValue(find('dockerd')?.goroutines), okValue(find('containerd')?.goroutines)],
    fds: find('dockerd')?.process?.fds ?? null,
    blocked: pids(list.filter(isHolding)),
    zombies: pids(list.filter(({ state }) => state === 'Z')),
    pressure: okValue(disks?.pressure)?.some.avg10 ?? null,
  };
}

/** What must be found and is not, what is found and must not be, and what a finding ought to name. */
function compare(findings: readonly Finding[], { must, may, about }: State): Record<string, readonly string[]> {
  const alarms = findings.filter(({ severity }) => severity !== 'info');
  const found = new Set(alarms.map(({ id }) => id));
  return {
    missing: must.filter((id) => !found.has(id)),
    wrong: alarms.filter(({ id }) => !must.includes(id) && !may.includes(id)).map(({ id, title }) => `${id}: ${title}`),
    unnamed: Object.entries(about).flatMap(([rule, names]) => {
      const subjects = alarms.filter(({ id }) => id === rule).flatMap((alarm) => Object.values(alarm.subjects).flat());
      return names
        .filter((name) => !subjects.some((subject) => String(subject).startsWith(String(name))))
        .map((name) => `${rule}: ${name}`);
    }),
  };
}
