import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ListCommand, listKeys } from '../../../src/view/terminal/list/list-keys.ts';
import { largeFleet } from '../../support/fleets.ts';
import { enter, escapeKey } from '../../support/open-app.tsx';
import { closeFleet, openFleet } from '../../support/open-fleet.tsx';
import { waitFor } from '../../support/wait-for.ts';

afterEach(closeFleet);

describe('a key on the fleet', () => {
  test('Enter opens the selected node, which has the terminal meanwhile', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press(`j${enter}`);
    await waitFor('the node', () => fleet.opened.length > 0);
    expect(fleet.opened).toEqual([expect.stringMatching(/^node-\d+:9753$/)]);
    await fleet.shows('5,000 nodes');
  });

  test('says why a node could not be opened', async () => {
    const fleet = openFleet(undefined, () => Promise.resolve('ssh: connect to host: timed out'));
    await fleet.shows('5,000 nodes');
    fleet.press(enter);
    await fleet.shows(/node-\d+: ssh: connect to host: timed out/);
  });

  test('Enter on a finding shows its nodes, and Esc all of them again', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press('\t');
    fleet.press(`j${enter}`);
    await fleet.shows('/stalled-disk');
    expect(
      fleet
        .frame()
        .match(/^.*node-\d+ .*$/gm)
        ?.every((row) => row.includes('stalled-disk')),
    ).toBe(true);
    fleet.press(escapeKey);
    await fleet.shows(/▼ \d+ more/);
    expect(fleet.frame()).not.toContain('/stalled-disk');
  });

  test('/ filters while it is typed; Esc clears it', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press('/leaked');
    await fleet.shows('/leaked_');
    await fleet.shows(/▸node-00003/);
    fleet.press(enter);
    await fleet.shows(/\/leaked ·/);
    fleet.press('/x');
    await fleet.shows('no row matches the filter');
    fleet.press('\u007f');
    await fleet.shows(/▸node-00003/);
    fleet.press(escapeKey);
    await fleet.shows('node-03727');
  });

  test('s and a letter sort, once more reverses, s again takes the next column', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press('s');
    await fleet.shows('sort by:');
    fleet.press('n');
    await fleet.shows('by node');
    fleet.press('n');
    await fleet.shows('by node reversed');
    fleet.press('s');
    await fleet.shows('by cluster');
    fleet.press(escapeKey);
    await fleet.shows('Enter open');
    fleet.press('S');
    await fleet.shows('by cluster reversed');
  });

  test('space pauses: nothing is asked; again, and it asks at once', async () => {
    const fleet = openFleet();
    await fleet.shows('every 15s');
    fleet.press(' ');
    await fleet.shows('paused');
    const rounds = fleet.rounds();
    fleet.press(' ');
    await fleet.shows('every 15s');
    await waitFor('a round', () => fleet.rounds() === rounds + 1);
  });

  test('+ and - change the interval, u the zone', async () => {
    const fleet = openFleet();
    await fleet.shows('12:00:00Z every 15s');
    fleet.press('+');
    await fleet.shows('every 30s');
    fleet.press('--');
    await fleet.shows('every 5s');
    fleet.press('u');
    await fleet.shows('21:00:00 +09:00');
  });

  test('i shows all that is known of the node, with the command of Enter; Esc goes back', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press('i');
    await fleet.shows('Enter: ssh node-');
    await fleet.shows('dockerd 19.03.15');
    await fleet.shows('Esc back');
    fleet.press(escapeKey);
    await fleet.shows('2 Nodes');
  });

  test('? is help, made from the table of keys', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press('?');
    for (const { shown } of listKeys.filter((key) => key.shown !== '')) await fleet.shows(shown);
    fleet.press('?');
    await fleet.shows('2 Nodes');
  });

  test('arrows, pages and ends move', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press('\u001b[B');
    await waitFor('the second', () => !/▸node-00007/.test(fleet.frame()));
    fleet.press('G');
    await fleet.shows(/▸node-0\d+3 /);
    fleet.press('g');
    await fleet.shows(/▸node-00007/);
    fleet.press('\u001b[6~');
    await waitFor('a page', () => !/▸node-00007/.test(fleet.frame()));
    fleet.press('\u001b[5~');
    await fleet.shows(/▸node-00007/);
  });

  test('y copies the name of the node; an unknown key says so; q quits', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.press('y');
    await fleet.shows('sent to clipboard (OSC 52): node-00007');
    expect(fleet.written).toEqual([expect.stringContaining(Buffer.from('node-00007').toString('base64'))]);
    fleet.press('Q');
    await fleet.shows('no such key: Q');
    fleet.press('q');
    await waitFor('the end', fleet.closed);
  });

  test.each(listKeys.flatMap(({ keys, command }) => keys.map((key) => ({ key, command }))))(
    '$key does what the table says: $command',
    async ({ key, command }) => {
      const { before = '', after = '', shows } = effects[command];
      const fleet = openFleet();
      const first = await fleet.shows('5,000 nodes');
      if (before !== '') {
        fleet.press(before);
        await waitFor('the frame before', () => fleet.frame() !== first);
      }
      expect(shows(fleet, fleet.frame())).toBe(command === 'redraw');
      fleet.press(named[key] ?? key);
      if (after !== '') fleet.press(after);
      await waitFor(`the effect of ${command}`, () => shows(fleet, fleet.frame()), { detail: fleet.frame });
      expect(fleet.frame()).not.toContain('no such key');
    },
  );
});

type Opened = ReturnType<typeof openFleet>;

const has =
  (text: string | RegExp) =>
  (_: Opened, frame: string): boolean =>
    typeof text === 'string' ? frame.includes(text) : text.test(frame);

/** Where each command is seen, with keys before and after it. A command without a line here does not compile. */
const effects: Readonly<
  Record<
    ListCommand,
    { readonly before?: string; readonly after?: string; readonly shows: (fleet: Opened, frame: string) => boolean }
  >
> = {
  open: { shows: ({ opened }) => opened.length === 1 },
  details: { shows: has('Enter: ssh node-') },
  back: { before: 'i', shows: has('2 Nodes') },
  filter: { shows: has(' filter: ') },
  sort: { shows: has(' sort by: ') },
  reverse: { shows: has('reversed') },
  pause: { shows: has('paused') },
  slower: { shows: has('every 30s') },
  faster: { shows: has('every 5s') },
  zone: { shows: has('+09:00') },
  // Only its colours say which pane has the focus, and what is known of its row.
  'focus-next': { after: 'i', shows: has('Enter shows its nodes.') },
  up: { before: 'j', shows: has('▸node-00007') },
  down: { shows: (_, frame) => !frame.includes('▸node-00007') },
  'page-up': { before: 'G', shows: (_, frame) => !/▸node-0\d+3 /.test(frame) },
  'page-down': { shows: (_, frame) => !frame.includes('▸node-00007') },
  first: { before: 'G', shows: has('▸node-00007') },
  last: { shows: has(/▸node-0\d+3 /) },
  copy: { shows: has('sent to clipboard (OSC 52): node-00007') },
  redraw: { shows: has('2 Nodes') },
  help: { shows: has('pause or resume') },
  quit: { shows: ({ closed }) => closed() },
};

/** What a terminal sends for keys that are no letter. */
const named: Readonly<Record<string, string>> = {
  return: enter,
  escape: escapeKey,
  tab: '\t',
  'shift+tab': '\u001b[Z',
  upArrow: '\u001b[A',
  downArrow: '\u001b[B',
  pageUp: '\u001b[5~',
  pageDown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  'ctrl+b': '\u0002',
  'ctrl+f': '\u0006',
  'ctrl+l': '\f',
  'ctrl+c': '\u0003',
  f1: '\u001bOP',
  f3: '\u001bOR',
  f4: '\u001bOS',
  f6: '\u001b[17~',
  f10: '\u001b[21~',
};

describe('the mouse', () => {
  const at = (frame: string, text: string): { column: number; row: number } => {
    const rows = frame.split('\n');
    const row = rows.findIndex((line) => line.includes(text));
    return { row, column: rows[row]?.indexOf(text) ?? 0 };
  };
  const click = (place: { column: number; row: number }): string => `\u001b[<0;${place.column + 2};${place.row + 1}M`;

  test('selects a row, opens it twice, sorts by a heading, moves by the wheel', async () => {
    const fleet = openFleet();
    const frame = await fleet.shows('node-04567');
    const place = at(frame, 'node-04567');
    // Of a double click the second press comes in time, however busy the machine.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    fleet.press(click(place));
    fleet.press(click(place));
    clock.mockRestore();
    await fleet.shows(/▸node-04567/);
    await waitFor('the node', () => fleet.opened.length > 0);
    expect(fleet.opened).toEqual(['node-04567:9753']);
    fleet.press(click(at(await fleet.shows('SINCE'), 'SINCE')));
    await fleet.shows('by since');
    fleet.press(`\u001b[<65;${place.column + 1};${place.row + 1}M`);
    await fleet.shows(/▸node-04447|▸node-04207/);
  });
});

describe('when Prometheus', () => {
  test('never answered, it is said, and what comes later is shown', async () => {
    const fleet = openFleet(largeFleet, undefined, 'connect ECONNREFUSED 127.0.0.1:9090');
    await fleet.shows('nothing is known yet');
    await fleet.shows(/connect ECONNREFUSED 127\.0\.0\.1:9090 \(no answer\s+yet\)/);
    fleet.trouble.now = null;
    await fleet.source.ask();
    await fleet.shows('5,000 nodes');
  });

  test('fails later, the last answers stay with their age', async () => {
    const fleet = openFleet();
    await fleet.shows('5,000 nodes');
    fleet.trouble.now = 'HTTP 502 with text/html is no answer of Prometheus’ API';
    await fleet.source.ask();
    const frame = await fleet.shows('HTTP 502 with text/html');
    expect(frame).toContain('shown: 0s old');
    expect(frame).toContain('41 critical');
  });
});
