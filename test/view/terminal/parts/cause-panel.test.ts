import { describe, expect, test } from 'vitest';
import { run } from '../../../../src/rules/engine/run.ts';
import { rules } from '../../../../src/rules/rules.ts';
import { initialState } from '../../../../src/view/terminal/state/state.ts';
import { screenText } from '../../../support/render.tsx';
import * as scenes from '../../../support/scenes.ts';

const leak = scenes.modelOf(scenes.stopLeak);
const { findings } = run(rules, leak);
const sizes = ['40x10', '60x20', '80x24', '100x30', '120x36', '160x45', '200x60', '300x100'];

describe('the opened finding', () => {
  test.each(sizes)('shows the command of the first finding without a key press, at %s', (size) => {
    const command = findings[0]?.remedies.find(({ command }) => command !== null)?.command ?? '?';
    const text = screenText(leak, size).replaceAll(/[│\s]/g, '');
    expect(text).toContain(command.replaceAll(/\s/g, ''));
  });

  test.each(['80x24', '120x36', '200x60'])('never shows evidence while a remedy is cut, at %s', (size) => {
    const text = screenText(leak, size);
    if (text.includes(' why ')) expect(text).toContain('Do not restart the container daemons');
  });

  test('follows the selection in the findings', () => {
    const removal = findings.find(({ id }) => id === 'stuck-removal');
    const { findingsPane } = initialState();
    const state = { findingsPane: { ...findingsPane, focused: true, chosen: removal?.key ?? null } };
    const text = screenText(leak, '160x45', { state });
    expect(text).toContain('docker rm fefefefefefe');
    expect(text).not.toContain('fsfreeze');
  });

  test('is not there while nothing is found', () => {
    expect(screenText(scenes.modelOf(scenes.healthy), '120x36')).not.toContain('Cause');
  });

  test.each([
    ['found', /─ Cause ─+ critical, (certain|likely) ─/],
    ['settling', /─ Cause ─+ clearing \(5s\) ─/],
    ['unjudged', /─ Cause ─+ unknown now ─/],
  ] as const)('says in its title of one that is %s whether its sentences are of now', (state, title) => {
    const { at } = leak;
    const lifecycle = { openedAt: at - 60_000, goneAt: state === 'found' ? null : at - 5000, changes: [], returns: 0 };
    const [first] = findings.map((finding) => ({ ...finding, lifecycle: { ...lifecycle, state, containers: [] } }));
    const verdicts = { findings: first === undefined ? [] : [first], unknown: [] };
    expect(screenText(leak, '120x36', { verdicts })).toMatch(title);
    const page = { kind: 'finding', key: first?.key ?? '', chosen: 0, scroll: 0 } as const;
    const text = screenText(leak, '120x36', { verdicts, state: { page } });
    expect(text.includes('found:')).toBe(state !== 'found');
  });

  test('says of one that is over until when it was so, before its sentences', () => {
    const { at } = leak;
    const [first] = findings.map((finding) => ({
      ...finding,
      lifecycle: {
        openedAt: at - 60_000,
        goneAt: at - 5000,
        changes: [],
        returns: 0,
        state: 'resolved' as const,
        containers: [],
      },
    }));
    const verdicts = { findings: [], resolved: first === undefined ? [] : [first], unknown: [] };
    const findingsPane = { ...initialState().findingsPane, focused: true, chosen: first?.key ?? null };
    const text = screenText(leak, '120x36', { verdicts, state: { findingsPane } });
    expect(text).toMatch(/─ Cause ─+ resolved ─/);
    expect(text).toMatch(/Until 5s ago, \d\d:\d\d:\d\dZ, for 55s, it was so:/);
    expect(text).toContain('was to do');
  });
});
