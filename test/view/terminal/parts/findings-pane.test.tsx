import { describe, expect, test } from 'vitest';
import { chain } from '../../../../src/rules/engine/chains.ts';
import type { Diagnosis, Lifecycle } from '../../../../src/rules/engine/diagnosis.ts';
import type { Finding } from '../../../../src/rules/engine/rule.ts';
import { type Verdicts, withKeys } from '../../../../src/rules/engine/run.ts';
import { findingsLines } from '../../../../src/view/terminal/parts/findings-lines.ts';
import { shownFinding } from '../../../../src/view/terminal/parts/findings-pane.ts';
import type { OpenPage } from '../../../../src/view/terminal/state/page.ts';
import { initialState } from '../../../../src/view/terminal/state/state.ts';
import { finding } from '../../../support/findings.ts';
import { flat, pageText } from '../../../support/pages.tsx';
import { asciiTheme, plainTheme, screenText } from '../../../support/render.tsx';
import { idOf, noon } from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const snapshot = (name: string, size: string): string => `../../../../snapshots/terminal/screen/${name}.${size}.txt`;
const leak = scenes.modelOf(scenes.stopLeak);
const at = leak.at;

const dockerd = { daemons: ['dockerd'] };
const stuck = finding(
  'unkillable-container',
  { containers: [idOf('a9')], pids: [28_816] },
  {
    title: 'kube-system/fluentd-hjj42/fluentd cannot exit',
    summary: 'dd waits for a frozen volume.',
    since: noon - 7e5,
  },
);
const waiters = finding('goroutine-leak-on-stop', dockerd, {
  title: 'dockerd leaks two goroutines with each stop',
  since: noon - 6e5,
});
const heap = finding('growing-heap', dockerd, { title: 'The heap of dockerd grows', severity: 'warning' });
const descriptors = finding('fd-exhaustion', dockerd, { title: 'dockerd runs out of descriptors in 40 minutes' });
const zombies = finding('unreaped-zombie', { pids: [26_268] }, { title: 'cron does not reap', severity: 'warning' });
const hint = finding('risky-configuration', {}, { title: 'Logs are not rotated', severity: 'info' });
const all = [stuck, waiters, heap, descriptors, zombies, hint];

const lifecycle = (change: Partial<Lifecycle> = {}): Lifecycle => ({
  openedAt: noon - 300_000,
  state: 'found',
  goneAt: null,
  changes: [],
  returns: 0,
  containers: [],
  ...change,
});
const over: Diagnosis = {
  ...finding('io-pressure', { devices: ['vda'] }, { title: 'vda is slow', severity: 'warning' }),
  key: 'io-pressure vda',
  causes: [],
  consequences: [],
  depth: 0,
  lifecycle: lifecycle({ state: 'resolved', goneAt: noon - 60_000 }),
};
const verdictsOf = (findings: readonly Finding[], resolved: readonly Diagnosis[] = []): Verdicts => ({
  findings: chain(withKeys(findings)),
  unknown: [],
  resolved,
});
const texts = (verdicts: Verdicts, room: number, width = 140, chosen: string | null = null): string[] =>
  findingsLines({
    verdicts,
    chosen,
    shown: chosen,
    focused: true,
    opened: false,
    at,
    width,
    room,
    theme: plainTheme,
  }).lines.map(({ line, selected = false }) =>
    `${selected ? '>' : ''}${line.map(({ text }) => text).join('')}`.trimEnd(),
  );

describe('the findings pane', () => {
  test.each(['80x24', '120x36', '300x100'])('shows each cause with its consequences at %s', async (size) => {
    const text = screenText(leak, size, { verdicts: verdictsOf(all, [over]) });
    expect(text).toContain('3 critical · 2 warnings');
    await expect(text).toMatchFileSnapshot(snapshot('chain', size));
  });

  test('says in its title what is listed where nothing is wrong', () => {
    const title = (verdicts: Verdicts): string => screenText(leak, '120x36', { verdicts }).split('\n')[1] ?? '';
    expect(title(verdictsOf([hint], [over]))).toContain('─ 1 info · 1 resolved ─');
    expect(title(verdictsOf([], [over]))).toContain('─ 1 resolved ─');
    expect(title(verdictsOf([heap, hint], [over]))).toContain('─ 1 warning ─');
  });

  test('does not name a container twice in a line', () => {
    const summary =
      'kube-system/fluentd-hjj42/fluentd ← dd (pid 28816, D, SIGKILL pending) ← open() on a frozen volume.';
    expect(texts(verdictsOf([{ ...stuck, summary }]), 4)[0]).toMatch(/ cannot exit {2}← dd \(pid 28816, D, SIGKILL/);
  });

  test('keeps since when beside the count of what is hidden', () => {
    const shown = screenText(leak, '80x24', {
      verdicts: verdictsOf([stuck, waiters, heap, { ...zombies, since: at - 9e5 }, hint]),
    });
    expect(shown).toMatch(/^ warning {2}cron .* for 15m ▼ \d+ more$/m);
    expect(shown).not.toMatch(/ … ▼/);
  });

  test('with a filter shows what matches below its causes, and how many are hidden', () => {
    const filtered = (filter: string): string =>
      screenText(leak, '120x36', {
        verdicts: verdictsOf(all, [over]),
        state: { findingsPane: { focused: true, chosen: null, filter } },
      });
    const heapOnly = filtered('heap');
    expect(heapOnly).toContain('/heap · 3 of 7 · 3 critical · 2 warnings');
    expect(heapOnly).toMatch(/fluentd cannot exit.*leaks two goroutines.*└ The heap of dockerd grows/s);
    expect(heapOnly).not.toContain('runs out of descriptors');
    expect(filtered('/^vda|cron/')).toContain('/^vda|cron/ · 2 of 7 ·');
    expect(filtered('qqzz')).toContain('no finding matches the filter');
    expect(filtered('/(/')).toMatch(/not applied: missing closing \): .* 7 of 7/);
  });

  test('with a filter opens the first finding that matches', () => {
    const state = { ...initialState(), findingsPane: { focused: true, chosen: null, filter: 'cron' } };
    expect(shownFinding(verdictsOf(all), state)?.title).toBe('cron does not reap');
    const other = { ...state, findingsPane: { ...state.findingsPane, filter: 'zzqq' } };
    expect(shownFinding(verdictsOf(all), other)).toBeNull();
  });

  test('indents consequences below their cause, and lists resolved findings last', () => {
    const lines = texts(verdictsOf(all, [over]), 9);
    expect(
      lines.map((line) => line.replace(/ {2}(?:It is|dd waits).*?(?= {2,}|$)/, '').replace(/ +for [\dms ]+$/, '')),
    ).toEqual([
      'critical kube-system/fluentd-hjj42/fluentd cannot exit',
      'critical └ dockerd leaks two goroutines with each stop',
      'critical   └ dockerd runs out of descriptors in 40 minutes',
      'warning    └ The heap of dockerd grows',
      'warning  cron does not reap',
      'info     Logs are not rotated',
      expect.stringMatching(/^resolved was: vda is slow +until 1m 8s ago,$/),
    ]);
  });

  test('has titles whole where lines are left, and cuts them where none is', () => {
    const long = finding(
      'unkillable-container',
      {},
      { title: `${'a long path/'.repeat(6)}is frozen`, summary: 'It is.' },
    );
    const lines = texts(verdictsOf([long, heap]), 6, 60);
    expect(
      lines
        .slice(0, -1)
        .map((line) => line.slice(9, 60))
        .join(' '),
    ).toContain('is frozen  It is.');
    expect(lines.at(-1)).toContain(heap.title);
    expect(texts(verdictsOf([long, heap]), 2, 60)[0]).toContain('…');
  });

  test('says what is wrong with a path that has no room', () => {
    const title =
      '/var/lib/kubelet/pods/0f3c/volumes/kubernetes.io~nfs/data (/dev/loop0) is frozen: 2 containers cannot exit';
    const [line = ''] = texts(verdictsOf([finding('frozen-filesystem', {}, { title })]), 1, 80);
    expect(line).toMatch(/^critical \/var\/lib\S+…\S+data \(\/dev\/loop0\) is frozen: 2 co/);
  });

  test('folds the consequences of thirty stuck containers, and takes no empty line for them', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      finding(
        'unkillable-container',
        { containers: [idOf(`${index + 10}`)], mounts: ['/data'] },
        { title: `pod-${index} cannot exit` },
      ),
    );
    const frozen = finding(
      'frozen-filesystem',
      { mounts: ['/data'], containers: many.flatMap(({ subjects }) => subjects.containers) },
      { title: '/data is frozen' },
    );
    const text = screenText(leak, '120x36', { verdicts: verdictsOf([frozen, ...many]) });
    const rows = text.split('\n').slice(1, 5);
    expect(rows[1]).toContain('+30 consequences');
    expect(rows[2]).toMatch(/^─ Cause/);
  });

  test('counts what follows where there is no room for it', () => {
    const lines = texts(verdictsOf(all), 3);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/cannot exit .* \+2 consequences for 11m 48s$/);
    expect(lines[2]).toContain('cron does not reap');
    expect(texts(verdictsOf(all), 2)[0]).toMatch(/\+3 consequences/);
    const four = texts(verdictsOf(all), 4);
    expect(four[0]).toMatch(/\+1 consequence/);
    expect(four[1]).toContain('└ dockerd leaks');
    // What only informs has no claim on a line before them.
    expect(four.join('\n')).not.toContain('Logs are not rotated');
    expect(texts(verdictsOf(all), 2, 79)[0]).toMatch(/cannot exit.* \+3 consequences$/);
    expect(texts(verdictsOf([stuck, waiters]), 1)[0]).toMatch(/\+1 consequence/);
  });

  test('has the chosen one in sight, also one that is below another or over', () => {
    const verdicts = verdictsOf(all, [over]);
    for (const { key, title } of [...verdicts.findings, over]) {
      for (const room of [1, 2, 4]) {
        const chosen = texts(verdicts, room, 140, key).filter((line) => line.startsWith('>'));
        expect(chosen).toHaveLength(1);
        expect(chosen[0]).toContain(title);
      }
    }
  });

  test('says what settles and what cannot be judged', () => {
    const withCourse = (change: Partial<Lifecycle>): string =>
      texts({ findings: chain([{ ...zombies, key: 'z', lifecycle: lifecycle(change) }]), unknown: [] }, 1)[0] ?? '';
    expect(withCourse({ state: 'settling', goneAt: at - 4000 })).toMatch(/clearing \(4s\)$/);
    expect(withCourse({ state: 'unjudged' })).toMatch(/unknown now$/);
    expect(withCourse({})).toMatch(/found 5m 8s ago$/);
  });

  test('says that nothing is found now beside what was', () => {
    const text = screenText(leak, '120x36', { verdicts: verdictsOf([], [over]) });
    expect(text).toContain('nothing found');
    expect(text).toMatch(/resolved was: vda is slow .*until 1m 8s ago, for 4m/);
    expect(text).not.toMatch(/1 warning/);
  });

  test('is drawn in ASCII too, and fits everywhere', () => {
    const verdicts = verdictsOf(all, [over]);
    expect(screenText(leak, '120x50', { verdicts, theme: asciiTheme })).toMatch(/^[\x20-\x7e\n]*$/);
    for (const size of ['20x5', '37x9', '79x23', '110x25', '111x40']) screenText(leak, size, { verdicts });
  });
});

describe('the page of a finding in a chain', () => {
  const page = (key: string): OpenPage => ({ kind: 'finding', key, chosen: 0, scroll: 0 });
  const verdicts = verdictsOf(all, [over]);
  const keyOf = (id: string): string => verdicts.findings.find((one) => one.id === id)?.key ?? '';
  const textOf = (key: string, given = verdicts): string =>
    flat(pageText(page(key), leak, '120x60', { verdicts: given }));

  test('shows it between its causes and its effects, as a tree', async () => {
    const text = pageText(page(keyOf('goroutine-leak-on-stop')), leak, '80x40', { verdicts });
    await expect(text).toMatchFileSnapshot('../../../../snapshots/terminal/views/finding-chain.80x40.txt');
    expect(text).toMatch(
      /cause and effect.*\n.* {3}kube-system.*\n.* {5}└ dockerd leaks.*\(this finding\).*\n.* {7}└ dockerd runs out.*\n.* {7}└ The heap/,
    );
  });

  test('names every cause, also one in whose tree it is not listed', () => {
    const second = finding('unkillable-container', { containers: [idOf('b')] }, { title: 'web-1 cannot exit' });
    const given = verdictsOf([stuck, second, waiters]);
    for (const { key } of given.findings) {
      const text = textOf(key, given);
      expect(text).toContain('dockerd leaks two goroutines with each stop');
      if (key.startsWith('goroutine')) expect(text).toMatch(/cause and effect.*web-1 cannot exit.*fluentd cannot exit/);
    }
  });

  test('has no tree when it stands alone', () => {
    expect(textOf(keyOf('unreaped-zombie'))).not.toContain('cause and effect');
  });

  test('shows when it was opened, changed, came back and was resolved', () => {
    const changes = [{ at: noon - 120_000, from: 'warning' as const, to: 'critical' as const }];
    const resolved = {
      ...over,
      lifecycle: lifecycle({ state: 'resolved', goneAt: noon - 60_000, changes, returns: 3 }),
    };
    const text = textOf(over.key, verdictsOf([], [resolved]));
    expect(text).toContain('first found 5m 8s ago, 11:55:00Z');
    expect(text).toContain('changed from warning to critical, 2m 8s ago, 11:58:00Z');
    expect(text).toContain('came back 3 times');
    expect(text).toContain('resolved 1m 8s ago, 11:59:00Z, lasted 4m');
    expect(text).toMatch(/^\W*Finding.*Until 1m 8s ago, 11:59:00Z, for 4m, it was so: vda is slow/);
  });

  test('shows the time of evidence that has one, and how to learn what is unknown', () => {
    const given: Verdicts = {
      findings: chain(withKeys([{ ...zombies, evidence: [{ source: 'dockerd.log', text: 'killed', at: noon }] }])),
      unknown: [{ id: 'leaked-mount', because: 'mounts: EACCES', matters: true, remedy: 'run as root' }],
    };
    const text = textOf(given.findings[0]?.key ?? '', given);
    expect(text).toContain('killed dockerd.log, 8s ago, 12:00:00Z');
    expect(text).toContain('leaked-mount: mounts: EACCES to find out: run as root');
  });
});
