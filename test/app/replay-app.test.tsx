import { render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import { App } from '../../src/app/app.tsx';
import { RecordedSource } from '../../src/timeline/recorded-source.ts';
import { nothingKept, plainText, plainTheme } from '../support/render.tsx';
import { noon } from '../support/samples.ts';
import { samplesOf, storeOf } from '../support/stories.ts';
import { waitFor } from '../support/wait-for.ts';

let unmount = (): void => {};
afterEach(() => unmount());

const story = [...samplesOf({ seconds: 60, blocked: [[10, 30]] })];

function open(at = noon + 5500) {
  const source = new RecordedSource({
    store: storeOf(story),
    historyMs: 600_000,
    at,
    playing: false,
    captions: [{ second: 12, text: 'The disk is gone.' }],
  });
  const app = render(
    <App
      source={source}
      actions={null}
      theme={plainTheme}
      printTo={{ folder: '/nonexistent', command: [] }}
      kept={nothingKept}
      write={() => {}}
    />,
  );
  unmount = app.unmount;
  const frame = (): string => plainText(app.lastFrame() ?? '');
  return {
    press: (keys: string) => app.stdin.write(keys),
    frame,
    shows: (text: string | RegExp) =>
      waitFor(`a frame with ${text}`, () => (typeof text === 'string' ? frame().includes(text) : text.test(frame())), {
        detail: frame,
      }),
  };
}

describe('the screen over a recording', () => {
  test('shows the moment, steps, and plays on', async () => {
    const app = open();
    await app.shows('replay paused  12:00:05Z');
    await app.shows('nothing found');
    app.press('\u001b[C');
    await app.shows('12:00:06Z');
    app.press('\u001b[1;2C');
    await app.shows('12:00:16Z');
    await app.shows('The disk is gone.');
    await app.shows(/1 warning/);
    app.press('>> ');
    await app.shows('replay 4×');
    await app.shows(/12:00:2\dZ/);
  });

  test('goes to marks, and to a moment that is typed', async () => {
    const app = open();
    await app.shows('▲');
    await app.shows('▽');
    app.press(']');
    await app.shows('12:00:10Z');
    app.press('t50%\r');
    await app.shows('12:00:30Z');
    app.press('t');
    await app.shows('go to: _');
    app.press('12:00:4\u001b');
    await waitFor('the end of typing', () => !app.frame().includes('go to:'));
    expect(app.frame()).toContain('12:00:30Z');
  });

  test('moves in time also under a page, whose search still takes letters', async () => {
    const app = open(noon + 15_500);
    await app.shows(/1 warning/);
    app.press('3\r');
    await app.shows('Esc back');
    app.press('\u001b[C');
    await app.shows('12:00:16Z');
    app.press('/t[');
    await app.shows('search: t[_');
  });

  test.each(['1d', '1x', '1h', '1D', 'i', 'r', 'b'])('asks no node of anything: %s', async (keys) => {
    const app = open();
    await app.shows('12:00:05Z');
    app.press(keys);
    await app.shows('not available in a recording');
  });
});
