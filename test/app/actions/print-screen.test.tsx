import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { render } from 'ink-testing-library';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { App } from '../../../src/app/app.tsx';
import { utc, zoneOf } from '../../../src/base/zone.ts';
import { LiveSource } from '../../../src/timeline/live-source.ts';
import { themeOf } from '../../../src/view/terminal/theme/theme.ts';
import { startingState } from '../../../src/wire/link.ts';
import { program } from '../../cli/bundle-node.ts';
import { nothingKept, plainText } from '../../support/render.tsx';
import * as scenes from '../../support/scenes.ts';
import { waitFor } from '../../support/wait-for.ts';

const down = '\u001b[B';
let folder: string;
let unmount = (): void => {};
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-print-'));
});
afterEach(() => {
  unmount();
  fs.rmSync(folder, { recursive: true });
});

function open(into = folder, format?: 'svg') {
  const zone = zoneOf(
    () => 120,
    () => 'CEST',
  );
  const source = new LiveSource({
    open: (handlers) => {
      handlers.onState({ ...startingState, status: 'live' });
      for (const sample of scenes.stopLeak) handlers.onSample(sample);
      return { close: () => {}, setInterval: () => {} };
    },
    recorder: null,
    intervalMs: 1000,
  });
  const theme = themeOf({ color: true, ascii: false, zone, otherZone: utc });
  const app = render(
    <App
      source={source}
      actions={null}
      theme={theme}
      printTo={{ folder: into, command: [...program, 'new-file'], ...(format === undefined ? {} : { format }) }}
      kept={nothingKept}
      write={() => {}}
    />,
  );
  unmount = app.unmount;
  const frame = (): string => plainText(app.lastFrame() ?? '');
  return {
    press: (keys: string): void => void app.stdin.write(keys),
    frame,
    shows: (text: string | RegExp) =>
      waitFor(`a frame with ${text}`, () => (typeof text === 'string' ? frame().includes(text) : text.test(frame())), {
        detail: frame,
      }),
    /** In any frame: a notice goes away again, on a busy machine before the next look. */
    said: (text: string) =>
      waitFor(`the notice ${text}`, () => app.frames.some((one) => plainText(one).includes(text)), { detail: frame }),
  };
}

const printed = (): string[] => fs.readdirSync(folder);

describe('the key P', () => {
  test('asks for the format, and prints the screen below the question to a file of the reader’s', async () => {
    const app = open();
    await app.shows('is frozen');
    app.press('P');
    await app.shows('▸ txt');
    app.press('\r');
    await app.said('screen printed to');
    const [name = ''] = printed();
    expect(name).toBe('rtwatch-screen-2026-11-21T12-00-08-000Z.txt');
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    expect(text).toContain('is frozen');
    expect(text).not.toMatch(/Print the screen|\u001b/);
    expect(fs.statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['ansi', 1, /\u001b\[/],
    ['svg', 2, /^<svg /],
    ['html', 3, /^<!doctype html>/],
  ] as const)('prints %s', async (ending, steps, form) => {
    const app = open();
    await app.shows('is frozen');
    app.press('P');
    await app.shows('▸ txt');
    for (let step = 0; step < steps; step++) app.press(down);
    await app.shows(`▸ ${ending}`);
    app.press('\r');
    await app.said('screen printed to');
    expect(fs.readFileSync(path.join(folder, printed()[0] ?? ''), 'utf8')).toMatch(form);
    expect(printed()[0]).toMatch(new RegExp(`\\.${ending}$`));
  });

  test('prints an open page, and goes back to it', async () => {
    const app = open();
    await app.shows('is frozen');
    app.press('?');
    await app.shows('elsewhere and always');
    app.press('P');
    await app.shows('▸ txt');
    app.press('\r');
    await app.said('screen printed to');
    expect(app.frame()).toContain('on the findings');
    expect(fs.readFileSync(path.join(folder, printed()[0] ?? ''), 'utf8')).toContain('elsewhere and always');
  });

  test('leaves with Esc, and prints nothing', async () => {
    const app = open();
    await app.shows('is frozen');
    app.press('P');
    await app.shows('▸ txt');
    app.press('\u001b');
    await app.shows('is frozen');
    expect(printed()).toEqual([]);
  });

  test('has the format of the settings selected', async () => {
    const app = open(folder, 'svg');
    await app.shows('is frozen');
    app.press('P');
    await app.shows('▸ svg');
  });

  test('overwrites nothing, and says why a file cannot be written', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    const app = open(path.join(folder, 'file'));
    await app.shows('is frozen');
    app.press('P');
    await app.shows('▸ txt');
    app.press('\r');
    await app.said('screen not printed');
    expect(printed()).toEqual(['file']);
  });
});

describe('the key w', () => {
  test('saves an open page whole: also what is not visible', async () => {
    const app = open();
    await app.shows('is frozen');
    app.press('\r');
    await app.shows(/\d+ more lines/);
    app.press('w');
    await app.said('page saved to');
    const [name = ''] = printed();
    expect(name).toMatch(/^rtwatch-finding-[\dTZ-]+\.txt$/);
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    expect(text).toMatch(/^[\w.-]+ · 2026-11-21 14:00:08 CEST\nFinding\n\n/);
    expect(text).toMatch(/is frozen[\s\S]*what to do[\s\S]*evidence[\s\S]*fluentd/);
    expect(text).not.toMatch(/more lines|\u001b|│|copy/);
    expect(fs.statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    expect(app.frame()).toContain('what to do');
  });

  test('saves each page to a file of its own, also of one moment', async () => {
    const app = open();
    await app.shows('is frozen');
    app.press('\r');
    await app.shows('what to do');
    for (const count of [1, 2]) {
      app.press('w');
      await waitFor(`${count} files`, () => printed().length === count);
    }
  });

  test('says what it does where no page is open', async () => {
    const app = open();
    await app.shows('is frozen');
    app.press('w');
    await app.said('open a page to save it');
    expect(printed()).toEqual([]);
  });
});

test('the key u changes between local time and UTC, on a page too', async () => {
  const app = open();
  await app.shows('14:00:08 CEST');
  app.press('u');
  await app.shows('12:00:08Z');
  app.press('?');
  await app.shows('elsewhere and always');
  app.press('u');
  await app.shows('14:00:08 CEST');
});
