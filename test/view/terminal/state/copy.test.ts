import { describe, expect, test } from 'vitest';
import { clipboardSequence } from '../../../../src/app/actions/clipboard.ts';
import { chain } from '../../../../src/rules/engine/chains.ts';
import { findingKeys } from '../../../../src/rules/engine/finding-identity.ts';
import { type Finding, noSubjects } from '../../../../src/rules/engine/rule.ts';
import { withKeys } from '../../../../src/rules/engine/run.ts';
import { copiedOf } from '../../../../src/view/terminal/state/copy.ts';
import type { Shown } from '../../../../src/view/terminal/state/selection.ts';
import { initialState, type ViewState } from '../../../../src/view/terminal/state/state.ts';
import { plainTheme } from '../../../support/render.tsx';
import { idOf } from '../../../support/samples.ts';
import * as scenes from '../../../support/scenes.ts';

const finding: Finding = {
  id: 'x',
  severity: 'warning',
  confidence: 'certain',
  title: 't',
  summary: 's',
  since: null,
  evidence: [],
  ruledOut: [],
  references: [],
  subjects: noSubjects,
  remedies: [
    { text: 'first look', command: null, risk: 'none' },
    { text: 'thaw', command: 'fsfreeze -u /mnt/a', risk: 'low' },
    { text: 'unmount', command: 'umount -l /mnt/a', risk: 'high' },
  ],
};
const shownWith = (findings: readonly Finding[]): Shown => ({
  model: scenes.modelOf(scenes.healthy),
  verdicts: { findings: chain(withKeys(findings)), unknown: [] },
  theme: plainTheme,
});
const copied = (change: Partial<ViewState>, findings = [finding]): unknown =>
  copiedOf(shownWith(findings), { ...initialState(), ...change });
const findingsPane = { focused: true, chosen: null, filter: '' };
const pageOf = (one: Finding, chosen: number): Partial<ViewState> => ({
  page: { kind: 'finding', key: findingKeys([one])[0] ?? '', chosen, scroll: 0 },
});

describe('what is copied', () => {
  test('of a row is its id, its pid or its endpoint', () => {
    expect(copied({})).toEqual({ status: 'ok', text: idOf('a1') });
    expect(copied({ focus: 'daemons' })).toEqual({ status: 'ok', text: 'unix:///var/run/docker.sock' });
    expect(copied({ page: { kind: 'details', pane: 'containers', key: idOf('b2'), scroll: 0 } })).toEqual({
      status: 'ok',
      text: idOf('b2'),
    });
  });

  test('of a finding is its command: the first, or the one that was chosen', () => {
    expect(copied({ findingsPane })).toEqual({ status: 'ok', text: 'fsfreeze -u /mnt/a' });
    expect(copied(pageOf(finding, 0))).toEqual({ status: 'ok', text: 'fsfreeze -u /mnt/a' });
    expect(copied(pageOf(finding, 1))).toEqual({ status: 'ok', text: 'umount -l /mnt/a' });
    expect(copied(pageOf(finding, 2))).toEqual({ status: 'ok', text: 'fsfreeze -u /mnt/a' });
  });

  test('is nothing where there is nothing, and says why', () => {
    expect(copied({ findingsPane }, [{ ...finding, remedies: [] }])).toMatchObject({ status: 'nothing' });
    expect(copied({ findingsPane }, [])).toMatchObject({ status: 'nothing' });
    expect(copied({ focus: 'processes' })).toMatchObject({ status: 'nothing', because: 'no row is selected' });
    expect(copied({ page: { kind: 'help', scroll: 0 } })).toMatchObject({ status: 'nothing' });
  });

  test('is exactly what it is called, printable and short, or nothing', () => {
    const withCommand = (command: string): Finding => ({ ...finding, remedies: [{ text: '', command, risk: 'none' }] });
    const evil = withCommand('umount /a\u001b[201~\nrm -rf /\u202e');
    expect(copied({ findingsPane }, [evil])).toMatchObject({
      status: 'nothing',
      because: expect.stringContaining('unprintable'),
    });
    expect(copied({ findingsPane }, [withCommand('umount /caf\ufffd')])).toMatchObject({
      because: expect.stringContaining('not valid UTF-8'),
    });
    expect(copied({ findingsPane }, [withCommand('x'.repeat(8192))])).toMatchObject({ status: 'ok' });
    expect(copied({ findingsPane }, [withCommand('é'.repeat(4097))])).toMatchObject({ status: 'nothing' });
  });

  test('goes to the terminal as OSC 52', () => {
    expect(clipboardSequence('umount /é')).toBe('\u001b]52;c;dW1vdW50IC/DqQ==\u0007');
  });
});
