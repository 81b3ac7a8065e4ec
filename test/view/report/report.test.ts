import { describe, expect, test } from 'vitest';
import { chain } from '../../../src/rules/engine/chains.ts';
import { run, type Verdicts, withKeys } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import type { CriRuntime } from '../../../src/sample/cri.ts';
import { absent, ok, pending } from '../../../src/sample/reading.ts';
import { reportJson } from '../../../src/view/report/json.ts';
import { overall } from '../../../src/view/report/overall.ts';
import { reportText } from '../../../src/view/report/text.ts';
import { finding } from '../../support/findings.ts';
import * as make from '../../support/samples.ts';
import { idOf, noon } from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const given = (scene: scenes.Scene) => {
  const model = scenes.modelOf(scene);
  return [model, run(rules, model)] as const;
};

describe.each([
  ['healthy', scenes.healthy],
  ['stop-leak', scenes.stopLeak],
  ['bare', scenes.bare],
  ['failing', scenes.failing],
  ['odd', scenes.odd],
] as const)('the report of a node that is %s', (name, scene) => {
  test('reads as before', async () => {
    const text = reportText(...given(scene));
    expect(text).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/mu);
    await expect(text).toMatchFileSnapshot(`../../../snapshots/report/${name}.txt`);
  });

  test('has the same JSON as before', async () => {
    const json = JSON.stringify(reportJson(...given(scene), false), null, 2);
    await expect(`${json}\n`).toMatchFileSnapshot(`../../../snapshots/report/${name}.json`);
  });
});

test('the report for people lists every container when all are asked for', () => {
  const given4 = given(scenes.stopLeak);
  const names = given4[0].containers?.list.map(({ label }) => label) ?? [];
  expect(names).toHaveLength(4);
  const [few, all] = [reportText(...given4), reportText(...given4, { all: true })];
  expect(names.every((name) => all.includes(` ${name}: `))).toBe(true);
  expect(names.every((name) => few.includes(` ${name}: `))).toBe(false);
});

test('a node with pods and no Docker lists its pods, and misses no engine', () => {
  const containers = absent('no container engine at unix:///var/run/docker.sock');
  const [first] = scenes.healthy;
  const pods = [make.sampleAt(0, { ...first?.readings, containers, cri: ok(make.cri(), 1) })];
  const text = reportText(...given(pods), { all: true });
  expect(text).toContain('shop/web-0/app: running');
  expect(text).not.toContain('no container engine');
  const neither = [make.sampleAt(0, { ...first?.readings, containers })];
  expect(reportText(...given(neither))).toContain('no container engine');
});

test('a runtime that has not answered for its list took no time that could be told', () => {
  const containers = absent('no container engine at unix:///var/run/docker.sock');
  const [first] = scenes.healthy;
  const lists = (containerList: CriRuntime['containerList']): string => {
    const readings = { ...first?.readings, containers, cri: ok(make.cri({ containerList }), 1) };
    return reportText(...given([make.sampleAt(0, readings)]));
  };
  expect(lists(ok({ ms: 3 }, 3))).toContain('list in 3ms');
  expect(lists(pending(8900, 'ListContainers: no answer yet'))).toContain('list unanswered');
});

describe('the JSON', () => {
  test('has the moment at which a finding of the past was last so, and null for the present', () => {
    const findings = chain(
      withKeys([
        finding('hung-task', { pids: [1] }, { since: noon - 9000, until: noon }),
        finding('oom-kill', { pids: [2] }, { since: noon }),
      ]),
    );
    const { model } = scenes.followed(scenes.healthy);
    expect(reportJson(model, { findings, unknown: [] }, false)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ id: 'hung-task', until: '2026-11-21T12:00:00.000Z' }),
        expect.objectContaining({ id: 'oom-kill', until: null }),
      ]),
    });
  });

  test('reports the stuck containers, or all', () => {
    const names = (all: boolean) =>
      (reportJson(...given(scenes.stopLeak), all) as { containers: { id: string }[] }).containers.map(({ id }) => id);
    expect(names(false)).toEqual([idOf('a9'), idOf('fe')]);
    expect(names(true)).toHaveLength(4);
  });
});

describe('findings that explain each other', () => {
  const model = scenes.modelOf(scenes.healthy);
  const verdicts: Verdicts = {
    findings: chain(
      withKeys([
        finding('risky-configuration', {}, { severity: 'info' }),
        finding(
          'goroutine-leak-on-stop',
          { daemons: ['dockerd'] },
          { evidence: [{ source: 'a log', text: 'b', at: noon }] },
        ),
        finding('unkillable-container', { containers: [idOf('a')] }),
      ]),
    ),
    unknown: [{ id: 'leaked-mount', because: 'mounts: EACCES', matters: true, remedy: 'run as root' }],
  };

  test('are indented below their causes in the text, and hints come last', () => {
    expect(reportText(model, verdicts)).toContain(`
CRITICAL: unkillable-container of it
  It is unkillable-container.
    └ CRITICAL: goroutine-leak-on-stop of it
      It is goroutine-leak-on-stop.
      - b  [a log, 5s ago, 12:00:00Z]
INFO: risky-configuration of it
  It is risky-configuration.
unknown: leaked-mount (mounts: EACCES); to find out: run as root
`);
  });

  test('name the keys of their causes in the JSON', () => {
    const { findings, unknown } = reportJson(model, verdicts, false) as { findings: object[]; unknown: object[] };
    expect(findings).toMatchObject([
      { id: 'unkillable-container', key: `unkillable-container ${idOf('a')}`, causes: [] },
      {
        key: 'goroutine-leak-on-stop dockerd',
        causes: [`unkillable-container ${idOf('a')}`],
        evidence: [{ source: 'a log', text: 'b', at: '2026-11-21T12:00:00.000Z' }],
      },
      { key: 'risky-configuration', causes: [] },
    ]);
    for (const one of findings) expect(Object.keys(one)).not.toContain('openedAt');
    expect(unknown).toEqual([{ id: 'leaked-mount', because: 'mounts: EACCES', remedy: 'run as root' }]);
  });

  test('have the time they were opened where they were followed', () => {
    const lifecycle = {
      openedAt: noon,
      state: 'found' as const,
      goneAt: null,
      changes: [],
      returns: 0,
      containers: [],
    };
    const followed = { ...verdicts, findings: verdicts.findings.map((one) => ({ ...one, lifecycle })) };
    const { findings } = reportJson(model, followed, false) as { findings: object[] };
    expect(findings[0]).toMatchObject({ openedAt: '2026-11-21T12:00:00.000Z' });
    expect(Object.keys(findings[0] ?? {})).not.toContain('lifecycle');
  });
});

describe('the verdict', () => {
  test('is the worst that was found, and unknown when nothing is known', () => {
    expect(overall(...given(scenes.healthy))).toBe('ok');
    expect(overall(...given(scenes.bare))).toBe('ok');
    expect(overall(...given(scenes.odd))).toBe('warning');
    expect(overall(...given(scenes.stopLeak))).toBe('critical');
    expect(overall(...given(scenes.broken))).toBe('unknown');
    expect(overall(...given(scenes.unanswered))).toBe('unknown');
  });
});
