import { afterEach, expect, test } from 'vitest';
import { closeApp, escapeKey, openApp } from '../../support/open-app.tsx';
import * as scenes from '../../support/scenes.ts';

afterEach(closeApp);

test('s shows the letters of headings; one sorts, once more reverses, and other keys do what they always do', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('rtwatch');
  app.press('2');
  app.press('s');
  await app.shows('sort by: the underlined letter');
  app.press('n');
  await app.shows('by name');
  app.press('n');
  await app.shows('by name reversed');
  app.press(escapeKey);
  expect(await app.shows('? help')).toContain('by name reversed');
  app.press('s');
  await app.shows('sort by:');
  app.press('?');
  await app.shows('show or hide this help');
});

test('a hidden pane is gone until its number is pressed, and what cannot be kept says why', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('4 Mounts');
  app.press('4');
  app.press('H');
  expect(await app.shows('mounts are hidden; 4 shows them again')).not.toContain('4 Mounts');
  app.press('4');
  await app.shows('4 Mounts');
  app.press('W');
  await app.shows('not kept:');
});

test('what was not read at the start is said, until the first key', async () => {
  const app = openApp(scenes.stopLeak, null, null, '/home/x/view.json was not read within 1s');
  await app.shows('/home/x/view.json was not read within 1s');
  app.press('2');
  await app.shows(/^(?![\s\S]*view\.json)/);
});
