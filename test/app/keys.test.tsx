import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandOfKey, keyBindings } from '../../src/view/terminal/keys.ts';
import { closeApp, enter, escapeKey, type Opened, openApp, refused } from '../support/open-app.tsx';
import { idOf } from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { waitFor } from '../support/wait-for.ts';

type Command = (typeof keyBindings)[number]['command'];

/** What a key does on the screen, from the containers with the first selected. */
interface Case {
  /** What is pressed first, each at a time, and what then stands on the screen. */
  readonly before?: readonly (readonly [keys: string, shows: string | RegExp])[];
  /** Stands on the screen after the key, and not before it. */
  readonly shows: string | RegExp;
  /** Leads back, as far as going to the containers does not. */
  readonly after?: readonly (readonly [keys: string, shows: string | RegExp])[];
}

const first = /▸kube-system\/fluentd/;
const second = /▸logging\//;
const last = /▸.*web-1/;
const onDaemons = /▸dockerd/;
const onProcesses = /▸ *28816/;
const further = /^▸(?!kube|logging|critical)\w/m;
const past = 'space resume';
const left = '\u001b[D';
const shiftLeft = '\u001b[1;2D';
const live = [' ', 'live 1s'] as const;
const closed = [escapeKey, first] as const;
const toDaemons = ['1', onDaemons] as const;
/** The moment in the header. */
const headerAt = (time: string): RegExp => new RegExp(`^.*${time}`);

const cases: Readonly<Record<Exclude<Command, 'quit' | 'redraw'>, Case>> = {
  open: { shows: /id +a9/ },
  goroutines: { before: [toDaemons], shows: 'HTTP 404' },
  heap: { before: [toDaemons], shows: 'HTTP 404' },
  dump: { before: [toDaemons], shows: 'no dump of dockerd' },
  'signal-dump': { before: [toDaemons], shows: 'It writes its stacks', after: [[escapeKey, onDaemons]] },
  back: { before: [[enter, /id +a9/]], shows: '2 Containers' },
  inspect: { shows: 'no answer within 5s' },
  log: { shows: 'Log lines about' },
  reveal: { shows: 'works on the page of an inspect' },
  copy: { shows: `(OSC 52): ${idOf('a9')}` },
  filter: { shows: 'filter:', after: [closed] },
  palette: { shows: 'Commands and places', after: [closed] },
  'next-match': { shows: 'step through a search' },
  'previous-match': { shows: 'step through a search' },
  sort: { shows: 'sort by', after: [[enter, 'Enter open']] },
  reverse: { shows: 'by attention reversed', after: [['S', first]] },
  tree: { before: [['3', onProcesses]], shows: '└ dd', after: [['T', onProcesses]] },
  hide: {
    shows: 'are hidden',
    after: [
      ['2', first],
      ['(((', /1 Daemons[\s\S]*2 Containers[\s\S]*3 Processes/],
    ],
  },
  'move-up': { shows: /2 Containers[\s\S]*1 Daemons/, after: [[')', /1 Daemons[\s\S]*2 Containers/]] },
  'move-down': { shows: /3 Processes[\s\S]*2 Containers/, after: [['(', /2 Containers[\s\S]*3 Processes/]] },
  'save-page': { before: [[enter, /id +a9/]], shows: 'page not saved' },
  'save-view': { shows: 'not kept' },
  zoom: { shows: /^(?![\s\S]*1 Daemons)/, after: [['z', '1 Daemons']] },
  pause: { shows: 'paused', after: [live] },
  'step-back': { shows: headerAt('12:00:07Z'), after: [live] },
  'step-on': {
    before: [
      [left, headerAt('12:00:07Z')],
      [left, headerAt('12:00:06Z')],
    ],
    shows: headerAt('12:00:07Z'),
    after: [live],
  },
  'leap-back': { shows: headerAt('12:00:00Z'), after: [live] },
  'leap-on': { before: [[shiftLeft, headerAt('12:00:00Z')]], shows: headerAt('12:00:08Z'), after: [live] },
  'previous-marker': { shows: past, after: [live] },
  'next-marker': { before: [[shiftLeft, headerAt('12:00:00Z')]], shows: headerAt('12:00:0[1-8]Z'), after: [live] },
  'minute-back': { shows: headerAt('12:00:00Z'), after: [live] },
  'minute-on': { before: [['{', headerAt('12:00:00Z')]], shows: headerAt('12:00:08Z'), after: [live] },
  seek: { shows: 'go to:', after: [closed] },
  slower: { shows: 'live 2s', after: [['-', 'live 1s']] },
  faster: { shows: 'live 500ms', after: [['+', 'live 1s']] },
  'play-slower': { shows: 'rtwatch replay FILE' },
  'play-faster': { shows: 'rtwatch replay FILE' },
  zone: { shows: headerAt('\\+09:00'), after: [['u', headerAt('12:00:08Z')]] },
  record: { shows: 'cannot record' },
  bundle: { shows: 'no bundle: disk full' },
  print: { shows: 'Print the screen to a file', after: [closed] },
  'focus-next': { shows: onProcesses },
  'focus-previous': { shows: onDaemons },
  'jump-back': {
    before: [
      [enter, /id +a9/],
      [enter, 'what to do'],
    ],
    shows: /id +a9/,
  },
  'focus-0': { shows: /^(?![\s\S]*▸kube)/ },
  'focus-1': { shows: onDaemons },
  'focus-2': { before: [toDaemons], shows: first },
  'focus-3': { shows: onProcesses },
  'focus-4': { shows: /▸4026/ },
  'focus-5': { shows: /▸vda/ },
  up: { before: [['j', second]], shows: first },
  down: { shows: second },
  'page-up': { before: [['j', second]], shows: first },
  'page-down': { shows: further },
  'half-up': { before: [['j', second]], shows: first },
  'half-down': { shows: second },
  first: { before: [['G', last]], shows: first },
  last: { shows: last },
  help: { shows: 'elsewhere and always' },
};

/** What a terminal sends for keys that are no character. */
const sent: Readonly<Record<string, string>> = {
  return: enter,
  escape: escapeKey,
  tab: '\t',
  'shift+tab': '\u001b[Z',
  upArrow: '\u001b[A',
  downArrow: '\u001b[B',
  rightArrow: '\u001b[C',
  leftArrow: left,
  'shift+rightArrow': '\u001b[1;2C',
  'shift+leftArrow': shiftLeft,
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  f1: '\u001bOP',
  f3: '\u001bOR',
  f4: '\u001bOS',
  f5: '\u001b[15~',
  f6: '\u001b[17~',
  f10: '\u001b[21~',
};

function sentBy(key: string): string {
  const letter = /^ctrl\+([a-z])$/.exec(key)?.[1];
  if (letter !== undefined) return String.fromCharCode(letter.charCodeAt(0) - 96);
  return sent[key] ?? key;
}

describe('each key of the table, in one app', () => {
  let app: Opened;
  beforeAll(async () => {
    app = openApp(scenes.stopLeak, refused);
    await app.shows('kube-system/');
  });
  afterAll(closeApp);

  const has = (shows: string | RegExp): boolean =>
    typeof shows === 'string' ? app.frame().includes(shows) : shows.test(app.frame());
  const pressAll = async (steps: Case['before'] = []): Promise<void> => {
    for (const [keys, shows] of steps) {
      app.press(keys);
      await waitFor(`${String(shows)} after ${JSON.stringify(keys)}`, () => has(shows), { detail: app.frame });
    }
  };

  const keys = keyBindings.flatMap((binding) => binding.keys.map((key) => ({ key, command: binding.command })));
  test.each(keys.filter(({ command }) => command !== 'quit' && command !== 'redraw'))(
    '$key does $command',
    async ({ key, command }) => {
      const { before, shows, after } = cases[command as keyof typeof cases];
      await pressAll([['2', '2 Containers'], ['g', first], ...(before ?? [])]);
      expect(app.frame()).not.toMatch(shows);
      await pressAll([[sentBy(key), shows]]);
      await pressAll(after);
    },
  );
});

const quits = keyBindings.find(({ command }) => command === 'quit')?.keys ?? [];
test.each(quits)('%s quits', async (key) => {
  const app = openApp(scenes.healthy);
  await app.shows('nothing found');
  app.press(sentBy(key));
  await waitFor('the end of the link', app.closed);
  closeApp();
});

test('every key is one that a terminal sends', () => {
  for (const { keys } of keyBindings) {
    for (const key of keys) {
      expect(commandOfKey(key), key).not.toBeNull();
      expect([...sentBy(key)].length === 1 || sentBy(key).startsWith('\u001b'), key).toBe(true);
    }
  }
});
