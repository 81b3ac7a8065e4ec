import { afterEach, expect, test } from 'vitest';
import { closeApp, enter, escapeKey, openApp, refused } from '../support/open-app.tsx';
import { idOf } from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

afterEach(closeApp);

const down = '\u001b[B';

test('what is chosen in the palette runs as by its key, on what is beneath', async () => {
  const app = openApp(scenes.stopLeak);
  await app.onContainers();
  app.press(':copy');
  await app.shows(/▸ copy/);
  app.press(enter);
  await app.shows(`(OSC 52): ${idOf('a9')}`);
  await app.shows('2 Containers');
});

test('nothing that acts on another process runs without the question that its key asks', async () => {
  const sent: string[] = [];
  const app = openApp(scenes.stopLeak, {
    ...refused,
    signalDump: (daemon) => {
      sent.push(daemon);
      return Promise.reject(new Error('no file came'));
    },
  });
  await app.onContainers();
  app.press('1');
  await app.shows('▸dockerd');
  app.press(':signal dump');
  await app.shows(/▸ signal dump/);
  app.press(enter);
  await app.shows('It writes its stacks and goes on.');
  app.press(escapeKey);
  await app.shows('2 Containers');
  expect(sent).toEqual([]);
});

test('leads to a pane with a filter, to a row, and back', async () => {
  const app = openApp(scenes.stopLeak);
  await app.onContainers();
  app.press('3');
  await app.shows(/▸ *28816/);
  app.press(`:containers web${enter}`);
  await app.shows(/▸.*web-1/);
  await app.shows('/web');
  app.press('\u000f');
  await app.shows(/▸ *28816/);
  app.press(`:pid 28816${enter}`);
  await app.shows('SIGKILL');
  app.press(escapeKey);
  await app.shows(/▸ *28816/);
});

test('the arrows choose, letters are text, and Esc closes it', async () => {
  const app = openApp(scenes.stopLeak);
  await app.onContainers();
  app.press(':');
  await app.shows(/▸ open/);
  app.press(down);
  await app.shows(/▸ goroutines/);
  app.press('q?/');
  await app.shows(':q?/_');
  await app.shows('nothing matches');
  app.press(enter);
  await app.shows('nothing matches');
  expect(app.closed()).toBe(false);
  app.press(escapeKey);
  await app.shows('2 Containers');
});
