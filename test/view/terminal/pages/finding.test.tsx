import { describe, expect, test } from 'vitest';
import { chain } from '../../../../src/rules/engine/chains.ts';
import { findingKeys } from '../../../../src/rules/engine/finding-identity.ts';
import { type Finding, noSubjects } from '../../../../src/rules/engine/rule.ts';
import { type Verdicts, withKeys } from '../../../../src/rules/engine/run.ts';
import { flat, pageText } from '../../../support/pages.tsx';
import { idOf, noon } from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const snapshot = (name: string, size: string): string => `../../../../snapshots/terminal/views/${name}.${size}.txt`;

const finding: Finding = {
  id: 'unkillable-container',
  severity: 'critical',
  confidence: 'certain',
  title: 'kube-system/fluentd-hjj42 cannot exit: dd (pid 28816) waits for the frozen filesystem at /mnt/log-vol',
  summary:
    'SIGKILL is pending, and the process cannot take it before the wait ends. Each stop leaves two goroutines in dockerd.',
  since: noon - 93_600_000,
  evidence: [
    { source: '/proc/28816/stat', text: 'state D, has not run for 1d 2h' },
    { source: '/proc/28816/stack', text: 'percpu_rwsem_wait < mnt_want_write < path_openat' },
  ],
  subjects: {
    ...noSubjects,
    containers: [idOf('a9')],
    pids: [28_816, 1, 2, 3, 4, 5, 6],
    mounts: ['/mnt/log-vol'],
    devices: ['loop0'],
    daemons: ['dockerd'],
  },
  ruledOut: [{ id: 'slow-disk', because: 'no task waits for I/O, and pressure is 0.5%' }],
  remedies: [
    { text: 'See which mount it is.', command: 'cat /proc/28816/mountinfo', risk: 'none' },
    { text: 'Thaw it.', command: `fsfreeze -u /mnt/${'deep/'.repeat(20)}log-vol`, risk: 'low' },
    { text: 'Restart the node when nothing else helps.', command: null, risk: 'high' },
  ],
  references: ['https://github.com/moby/moby/issues/42956'],
};
const verdicts: Verdicts = {
  findings: chain(withKeys([finding])),
  unknown: [
    { id: 'leaked-mount', because: 'mounts: EACCES', matters: true },
    { id: 'odd', because: 'not of interest', matters: false },
  ],
};
const node = scenes.modelOf(scenes.healthy);
const page = (change: { chosen?: number; key?: string } = {}) => ({
  kind: 'finding' as const,
  key: findingKeys([finding])[0] ?? '',
  chosen: 0,
  scroll: 0,
  ...change,
});

describe('the page of a finding', () => {
  test.each(['60x60', '80x50', '120x46'])('goes from what is wrong to what to do, at %s', async (size) => {
    await expect(pageText(page(), node, size, { verdicts })).toMatchFileSnapshot(snapshot('finding', size));
  });

  test('marks the command that y copies', () => {
    const marked = (chosen: number): string => pageText(page({ chosen }), node, '120x60', { verdicts });
    expect(marked(0)).toMatch(/▸ cat \/proc/);
    expect(marked(1)).toMatch(/▸ fsfreeze/);
  });

  test('marks a link after the commands, and begins anew after the last', () => {
    const marked = (chosen: number): string => pageText(page({ chosen }), node, '120x60', { verdicts });
    const all = Array.from({ length: 12 }, (_, chosen) => /▸ .*/.exec(marked(chosen))?.[0] ?? '');
    const count = all.indexOf(all[0] ?? '', 1);
    expect(count).toBeGreaterThan(2);
    expect(all.slice(count)).toEqual(all.slice(0, all.length - count));
    expect(marked(-1)).toContain(all[count - 1]);
  });

  test('shows a long command whole', () => {
    const text = pageText(page(), node, '60x80', { verdicts }).replaceAll(/[│\s]/g, '');
    expect(text).toContain(`fsfreeze-u/mnt/${'deep/'.repeat(20)}log-vol`);
  });

  test('shows of what is unknown only what matters', () => {
    const text = flat(pageText(page(), node, '80x80', { verdicts }));
    expect(text).toContain('leaked-mount: mounts: EACCES');
    expect(text).not.toContain('not of interest');
  });

  test('says so when the finding has gone', () => {
    expect(pageText(page({ key: 'other' }), node, '80x24', { verdicts })).toContain('no longer found');
  });

  test('lets nothing write to the terminal', () => {
    const hostile = 'evil\u001b[2J\u001b]0;owned\u0007\u202Etxt\u2066\nnext\rline\u0000';
    const evil: Finding = {
      ...finding,
      title: hostile,
      summary: hostile,
      evidence: [{ source: hostile, text: hostile }],
      subjects: { ...noSubjects, mounts: [hostile], devices: [hostile], daemons: [hostile], containers: [hostile] },
      ruledOut: [{ id: hostile, because: hostile }],
      remedies: [{ text: hostile, command: hostile, risk: 'low' }],
      references: [hostile],
    };
    const key = findingKeys([evil])[0] ?? '';
    for (const size of ['60x60', '120x60'])
      expect(
        pageText(page({ key }), node, size, { verdicts: { findings: chain(withKeys([evil])), unknown: [] } }),
      ).toContain('evil');
  });
});
