import { render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import { App } from '../../src/app/app.tsx';
import { type NoticeForm, Notices, noticeSequence } from '../../src/app/notices.ts';
import { LiveSource } from '../../src/timeline/live-source.ts';
import { type LinkHandlers, startingState } from '../../src/wire/link.ts';
import { nothingKept, plainText, plainTheme } from '../support/render.tsx';
import { sampleAt } from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { waitFor } from '../support/wait-for.ts';

const bell = '\u0007';
let unmount = (): void => {};
afterEach(() => unmount());

describe('a notice', () => {
  test.each([
    ['bell', bell],
    ['osc9', `\u001b]9;node-7: a, b·c${bell}`],
    ['osc777', `\u001b]777;notify;rtwatch;node-7: a, b·c${bell}`],
  ] as const)('as %s is one sequence that its text cannot end', (form, sequence) => {
    expect(noticeSequence(form, 'node-7: a; b\u0007c')).toBe(sequence);
  });

  test('names the first root cause and counts the others, once', () => {
    const { model, verdicts } = scenes.followed(scenes.stopLeak);
    const notices = new Notices();
    expect(notices.take(verdicts, model.host?.hostname ?? null)).toMatch(/^node-7: \/data .* \(\+\d more\)$/);
    expect(notices.take(verdicts, null)).toBeNull();
    expect(new Notices().take({ findings: [], unknown: [] }, null)).toBeNull();
  });

  test('is not for a warning, nor for a finding that is only not judged over yet', () => {
    const { verdicts } = scenes.followed(scenes.stopLeak);
    const warnings = verdicts.findings.map((finding) => ({ ...finding, severity: 'warning' as const }));
    expect(new Notices().take({ ...verdicts, findings: warnings }, null)).toBeNull();
  });
});

test('notices remember a thousand findings, and those that last are not forgotten for others that come and go', () => {
  const { verdicts } = scenes.followed(scenes.stopLeak);
  const [finding] = verdicts.findings;
  if (finding === undefined) throw new Error('nothing is found');
  const critical = (key: string) => ({ ...finding, key, severity: 'critical' as const, causes: [] });
  const notices = new Notices();
  const take = (...keys: string[]) => notices.take({ findings: keys.map(critical), unknown: [] }, null);
  expect(take('lasting')).toBe(finding.title);
  for (let n = 0; n < 3000; n++) expect(take('lasting', `brief ${n}`)).toBe(finding.title);
  expect(take('lasting', 'brief 2999', 'brief 2100')).toBeNull();
  expect(take('brief 1')).toBe(finding.title);
});

/** The app over a node that becomes sick when the test says so. */
function open(notify: NoticeForm | null) {
  const written: string[] = [];
  let feed: LinkHandlers | undefined;
  const source = new LiveSource({
    open: (handlers) => {
      feed = handlers;
      handlers.onState({ ...startingState, status: 'live' });
      for (const sample of scenes.healthy) handlers.onSample(sample);
      return { close: () => {}, setInterval: () => {} };
    },
    recorder: null,
    intervalMs: 1000,
  });
  const write = (sequence: string): void => void written.push(sequence);
  const app = render(
    <App
      source={source}
      actions={null}
      theme={plainTheme}
      printTo={{ folder: '/nonexistent', command: [] }}
      kept={nothingKept}
      notify={notify}
      write={write}
    />,
  );
  unmount = app.unmount;
  const frame = (): string => plainText(app.lastFrame() ?? '');
  const shows = (text: string) => waitFor(`a frame with ${text}`, () => frame().includes(text), { detail: frame });
  const sicken = (from: number): void => {
    for (const [index, { readings }] of scenes.stopLeak.entries()) feed?.onSample(sampleAt(from + index, readings));
  };
  return { written, shows, sicken };
}

describe('the live screen', () => {
  test('calls when a critical finding appears, and once for each', async () => {
    const { written, shows, sicken } = open('bell');
    await shows('nothing found');
    expect(written).toEqual([]);
    sicken(10);
    await shows('is frozen');
    await waitFor('the call', () => written.length > 0);
    const calls = written.length;
    expect(new Set(written)).toEqual(new Set([bell]));
    sicken(30);
    await shows('12:00:38Z');
    expect(written).toHaveLength(calls);
  });

  test('is silent unless it is asked to call', async () => {
    const { written, shows, sicken } = open(null);
    await shows('nothing found');
    sicken(10);
    await shows('is frozen');
    expect(written).toEqual([]);
  });
});
