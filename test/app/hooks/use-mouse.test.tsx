import { afterEach, expect, test } from 'vitest';
import { mouseBindings } from '../../../src/view/terminal/keys.ts';
import { closeApp, openApp, refused } from '../../support/open-app.tsx';
import * as scenes from '../../support/scenes.ts';
import { waitFor } from '../../support/wait-for.ts';

afterEach(closeApp);

type App = ReturnType<typeof openApp>;

/** The report of a press of the left button where a text stands on the screen. */
function pressAt(app: App, text: string | RegExp, code = 0): string {
  const rows = app.frame().split('\n');
  const placeIn = (line: string): number => (typeof text === 'string' ? line.indexOf(text) : line.search(text));
  const row = rows.findIndex((line) => placeIn(line) >= 0);
  const column = [...(rows[row] ?? '').slice(0, placeIn(rows[row] ?? ''))].length;
  return `\u001b[<${code};${column + 2};${row + 1}M`;
}
const click = (app: App, text: string | RegExp): void =>
  app.press(`${pressAt(app, text)}${pressAt(app, text).replace('M', 'm')}`);
const doubleClick = (app: App, text: string): void => app.press(`${pressAt(app, text)}`.repeat(2));
const wheel = (app: App, text: string, code: 64 | 65): void => app.press(pressAt(app, text, code));

/** What each event of the table does, from the findings. Shift is the terminal's own. */
const tries: Readonly<
  Record<Exclude<(typeof mouseBindings)[number]['event'], 'shift'>, (app: App) => Promise<string>>
> = {
  click: (app) => {
    click(app, 'logging/shipper-0/shipper  ');
    return app.shows(/▸logging/);
  },
  'double-click': (app) => {
    doubleClick(app, 'logging/shipper-0/shipper  ');
    return app.shows(/▸ logging\/shipper-0\/shipper cannot be removed/);
  },
  wheel: (app) => {
    wheel(app, '3 Processes', 65);
    return app.shows(/▸ *(?!28816)\d+ [DZ]/);
  },
};

test.each(mouseBindings.filter(({ event }) => event !== 'shift'))(
  'the mouse: $shown does what help says',
  async ({ event }) => {
    const app = openApp(scenes.stopLeak);
    await app.shows('logging/shipper-0/shipper  ');
    await tries[event as keyof typeof tries](app);
  },
);

test('a click selects the row and its pane, a double click opens it', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('28816 D   ');
  click(app, '28816 D   ');
  await app.shows(/▸ *28816/);
  doubleClick(app, '28816 D   ');
  await app.shows('kernel stack');
});

test('a click on what a finding names leads there, from the opened finding and from its page', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('about');
  click(app, 'container kube-system/fluentd');
  await app.shows(/id +a9/);
  click(app, /(?<=▸ )\/data/);
  await app.shows('what to do');
  click(app, 'container kube-system/fluentd');
  await app.shows(/id +a9/);
  app.press('\u000f\u000f\u000f');
  await app.shows('2 Containers');
});

test('a click beside a page leaves it', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('is frozen');
  app.press('\r');
  await app.shows('what to do');
  click(app, 'Findings');
  await app.shows('2 Containers');
});

test('a double click opens a finding', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('is frozen');
  const title = '/data';
  doubleClick(app, title);
  await app.shows('what to do');
});

test('the wheel scrolls what is below it: a pane, and a page', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('kube-system/');
  wheel(app, '2 Containers', 65);
  await app.shows(/▸.*web-1/);
  wheel(app, '2 Containers', 64);
  await app.shows(/▸.*kube-system\/fluentd/);
  app.press('0\r');
  await app.shows('what to do');
  const moreLines = (): number => Number(/(\d+) more lines/.exec(app.frame())?.[1]);
  const before = moreLines();
  wheel(app, 'what to do', 65);
  await waitFor('the lines to move', () => moreLines() === before - 3);
});

test('a click on a heading sorts by the column, and once more turns the order round', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('waits in');
  click(app, /comm +sig/);
  await app.shows('by comm');
  click(app, /comm +sig/);
  await app.shows('by comm reversed');
});

test('a click on a hint is its key', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('? help');
  click(app, '? help');
  await app.shows('elsewhere and always');
});

test('a click on a daemon that is asked for selects it, and a double click goes on', async () => {
  const app = openApp(scenes.stopLeak, refused);
  await app.onContainers();
  app.press('d');
  await app.shows('Dump the goroutines of which daemon?');
  click(app, '  containerd  ');
  await app.shows('▸ containerd');
  doubleClick(app, '▸ containerd ');
  await app.shows('no dump of containerd');
});

test('a click ends what is being typed, and keeps it', async () => {
  const app = openApp(scenes.stopLeak);
  await app.onContainers();
  app.press('/web');
  await app.shows(/▸.*web-1/);
  click(app, '28816 D   ');
  await app.shows(/▸ *28816/);
  expect(app.frame()).not.toContain('filter:');
  expect(app.frame()).toContain('/web');
});

test('reports of no meaning do nothing', async () => {
  const app = openApp(scenes.stopLeak);
  await app.onContainers();
  const before = app.frame();
  // Releases, other buttons, motion, places off the screen, broken reports.
  app.press(
    '\u001b[<0;5;5m\u001b[<2;5;12M\u001b[<35;5;12M\u001b[<0;9999;9999M\u001b[<0;5M\u001b[<0;0;0M\u001b[<66;5;12M',
  );
  app.press('\u001b[<q');
  app.press('j');
  await app.shows(/▸logging\//);
  expect(before).toMatch(/▸.*kube-system/);
  expect(app.closed()).toBe(false);
});

test('F1 is help, F10 quits', async () => {
  const app = openApp(scenes.stopLeak);
  await app.shows('is frozen');
  app.press('\u001bOP');
  await app.shows('elsewhere and always');
  app.press('\u001b[23~');
  await app.shows('no such key: f11');
  app.press('\u001b[21~');
  await waitFor('the end', app.closed);
});
