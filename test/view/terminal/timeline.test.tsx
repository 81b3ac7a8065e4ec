import { describe, expect, test } from 'vitest';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { type Marker, nextMarker } from '../../../src/timeline/markers.ts';
import type { TimelineView } from '../../../src/timeline/timeline-view.ts';
import { lineWidth } from '../../../src/view/terminal/parts/line.ts';
import { timelineLines } from '../../../src/view/terminal/timeline.ts';
import { asciiTheme, plainTheme, screenText } from '../../support/render.tsx';
import { noon } from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const markers: readonly Marker[] = [
  { at: noon + 20_000, kind: 'opened', severity: 'warning' },
  { at: noon + 30_000, kind: 'opened', severity: 'critical' },
  { at: noon + 70_000, kind: 'resolved', severity: 'critical' },
];
const playing: TimelineView = {
  kind: 'replay',
  from: noon,
  to: noon + 90_000,
  cursor: noon + 8000,
  markers,
  markedTo: noon + 80_000,
  status: 'playing',
  reading: false,
  speed: 4,
  caption: null,
};
const textOf = (timeline: TimelineView, columns: number, theme = plainTheme): string =>
  timelineLines(timeline, theme, columns)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');

describe('the line of time', () => {
  test('shows both ends, the position, and when findings began', () => {
    expect(textOf(playing, 60)).toBe(' 12:00:00Z ───●────▲──▲──────────────▽────┄┄┄┄ 12:01:30Z 4× ');
  });

  test('is as wide as the screen, at any width and any moment', () => {
    for (let columns = 20; columns <= 200; columns += 7) {
      for (const cursor of [noon - 5000, noon, noon + 45_678, noon + 90_000, noon + 1e6]) {
        for (const line of timelineLines(
          { ...playing, cursor, reading: true, caption: 'x'.repeat(99) },
          plainTheme,
          columns,
        )) {
          expect(lineWidth(line)).toBe(columns);
        }
      }
    }
  });

  test('shows the worst where several fall on one place', () => {
    const at = noon + 40_000;
    const many: Marker[] = [
      { at, kind: 'opened', severity: 'critical' },
      { at: at + 1, kind: 'resolved', severity: 'warning' },
      { at: at + 2, kind: 'opened', severity: 'warning' },
    ];
    const [line = []] = timelineLines({ ...playing, markers: many }, plainTheme, 60);
    expect(line.filter(({ text }) => /[▲▽]/.test(text))).toEqual([{ text: '▲', tone: 'critical' }]);
  });

  test('is drawn in ASCII too', () => {
    expect(textOf(playing, 60, asciiTheme)).toMatch(/ -+\*-+\^-+\^-+v-+\.+ /);
  });

  test('shows the days when there are several', () => {
    expect(textOf({ ...playing, to: noon + 86_400_000 }, 80)).toMatch(/^ 11-21 12:00:00Z .* 11-22 12:00:00Z 4× $/);
  });

  test('of a moment also without a span', () => {
    expect(textOf({ ...playing, to: noon, markers: [] }, 60)).toContain('●');
  });

  test('shows what a person says of the moment, and nothing unprintable of it', () => {
    const text = textOf({ ...playing, caption: 'The disk\u001b[2J is back' }, 60);
    expect(text).toMatch(/^ The disk·\[2J is back *\n/);
  });
});

test('the next mark and the one before leave out where one is', () => {
  expect(nextMarker(markers, noon, 'next')?.at).toBe(noon + 20_000);
  expect(nextMarker(markers, noon + 20_000, 'next')?.at).toBe(noon + 30_000);
  expect(nextMarker(markers, noon + 30_000, 'previous')?.at).toBe(noon + 20_000);
  expect(nextMarker(markers, noon + 70_000, 'next')).toBeNull();
  expect(nextMarker(markers, noon + 20_000, 'previous')).toBeNull();
});

describe('the screen', () => {
  const leak = scenes.modelOf(scenes.stopLeak);
  const change = { connection: { selfCost: null }, verdicts: run(rules, leak) };
  const snapshot = (name: string, size: string): string => `../../../snapshots/terminal/timeline/${name}.${size}.txt`;

  test.each(['80x24', '100x30', '120x36', '160x45', '200x60', '300x100'])(
    'over a recording looks as before at %s',
    async (size) => {
      await expect(screenText(leak, size, { ...change, timeline: playing })).toMatchFileSnapshot(
        snapshot('playing', size),
      );
      const paused: TimelineView = { ...playing, status: 'paused', reading: true, caption: 'The disk is back.' };
      await expect(screenText(leak, size, { ...change, timeline: paused })).toMatchFileSnapshot(
        snapshot('paused', size),
      );
    },
  );

  test('held still matches its snapshot', async () => {
    const timeline: TimelineView = { ...playing, kind: 'past', status: 'paused', markedTo: Number.POSITIVE_INFINITY };
    const text = screenText(leak, '80x24', { timeline, connection: { ageSeconds: 82 } });
    expect(text).toContain('paused, 1m 22s old');
    expect(text).not.toContain('faster');
    await expect(text).toMatchFileSnapshot(snapshot('past', '80x24'));
  });

  test('takes a moment that is typed', () => {
    const text = screenText(leak, '80x24', { timeline: playing, state: { typing: true, time: '12:0' } });
    expect(text).toContain('go to: 12:0_');
    expect(text).toContain('-5m');
    expect(text).not.toContain('filter:');
  });

  test('says that the recording has come to its end', () => {
    const timeline: TimelineView = { ...playing, status: 'paused', cursor: playing.to };
    expect(screenText(leak, '120x36', { timeline })).toContain('end of the recording');
  });

  test('does not name the keys that do nothing over a recording', () => {
    const text = screenText(leak, '200x60', { timeline: playing });
    expect(text).toContain('space pause');
    expect(text).not.toMatch(/d dump|i inspect|g stacks/);
  });

  test('says that it records, and how much', () => {
    const text = screenText(leak, '120x36', { connection: { recordedBytes: 1_300_000 } });
    expect(text).toContain('● rec 1.2 MiB  ● live 1s');
  });

  test.each(['20x5', '37x9', '79x23', '300x100'])('fits into %s with all of it', (size) => {
    screenText(leak, size, {
      timeline: { ...playing, reading: true, caption: 'a b '.repeat(60) },
      connection: { recordedBytes: 1e12 },
    });
  });
});
