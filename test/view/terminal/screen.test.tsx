import { describe, expect, test } from 'vitest';
import { timelineAt } from '../../../src/cli/commands/snap.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { NodeFollower } from '../../../src/timeline/node-follower.ts';
import { layoutOf, paneInputOf } from '../../../src/view/terminal/layout/arrangement.ts';
import { paneIds, paneOf } from '../../../src/view/terminal/panes/panes.ts';
import { frameRows } from '../../../src/view/terminal/parts/frame.ts';
import { paneFrame } from '../../../src/view/terminal/parts/pane-frame.ts';
import { initialState, type ViewState } from '../../../src/view/terminal/state/state.ts';
import { looks } from '../../corpus/case.ts';
import { podNode } from '../../corpus/pods.ts';
import { asciiTheme, live, plainTheme, screenText, sizeOf } from '../../support/render.tsx';
import { idOf } from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const snapshot = (name: string, size: string): string => `../../../snapshots/terminal/screen/${name}.${size}.txt`;
const leak = scenes.modelOf(scenes.stopLeak);

describe('the screen', () => {
  describe.each([
    ['healthy', scenes.healthy],
    ['stop-leak', scenes.stopLeak],
    ['unanswered', scenes.unanswered],
    ['bare', scenes.bare],
    ['failing', scenes.failing],
    ['crowded', scenes.crowded],
    ['odd', scenes.odd],
  ] as const)('of a node that is %s', (name, scene) => {
    test.each(['80x24', '120x36', '200x60'])('matches its snapshot at %s', async (size) => {
      // How many rules there are changes with each new one, and is no matter of the screen.
      const text = screenText(scenes.modelOf(scene), size).replace(/\d\d(?= checks are waiting)/, 'NN');
      await expect(text).toMatchFileSnapshot(snapshot(name, size));
    });

    test.each(['1x1', '19x4', '20x5', '37x9', '79x23', '110x25', '111x40', '300x100'])('fits into %s', (size) => {
      screenText(scenes.modelOf(scene), size);
    });
  });

  test('says how many checks wait for data', () => {
    const model = scenes.modelOf(scenes.unanswered);
    expect(screenText(model, '120x36')).toContain(`${run(rules, model).unknown.length} checks are waiting for data`);
  });

  describe.each([
    ['calm', scenes.healthy],
    ['with one finding', scenes.crowded],
    ['with seven findings', scenes.stopLeak],
    ['with a silent engine', scenes.failing],
    ['without an engine', scenes.bare],
  ] as const)('of a node %s', (name, scene) => {
    test.each(['100x30', '160x45', '300x100'])('is arranged as before at %s', async (size) => {
      await expect(screenText(scenes.modelOf(scene), size)).toMatchFileSnapshot(
        snapshot(`arranged-${name.replaceAll(' ', '-')}`, size),
      );
    });
  });

  test.each(['80x24', '100x30', '120x36', '160x45', '200x60', '300x100'])(
    'of a node with containerd alone, on which the shim of a pod is stopped, looks as before at %s',
    async (size) => {
      const scene = looks(30, 2, (second) => podNode(second, {}, { state: 'T' }));
      await expect(screenText(scenes.modelOf(scene), size)).toMatchFileSnapshot(snapshot('containerd-alone', size));
    },
  );

  test.each([
    ['200x60', ' · I/O of 381 processes unreadable: run as root'],
    ['145x40', ' · 381 processes unreadable: run as root'],
    ['80x24', 'run as root'],
  ])('says at %s what is missing without root, and how to get it', (size, words) => {
    const model = scenes.modelOf(scenes.healthy);
    const seen = (unreadable: number): string | undefined =>
      screenText({ ...model, writers: { list: [], containers: [], unreadable } }, size).split('\n')[0];
    expect(seen(381)).toContain(words);
    // Root too is kept from a few.
    for (const few of [0, 1]) expect(seen(few)).not.toContain('root');
  });

  test('fills a large terminal to its last line', () => {
    expect(screenText(leak, '300x100').trimEnd().split('\n')).toHaveLength(100);
  });

  test('shows one pane alone when it is zoomed', async () => {
    await expect(screenText(leak, '120x36', { state: { zoomed: true, focus: 'processes' } })).toMatchFileSnapshot(
      snapshot('zoomed', '120x36'),
    );
  });

  test('is drawn in ASCII where the terminal has nothing else', async () => {
    const text = screenText(leak, '120x36', { theme: asciiTheme });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    await expect(text).toMatchFileSnapshot(snapshot('ascii', '120x36'));
  });

  test('says that the sampler is silent, for how long and on what', async () => {
    const connection = {
      status: 'silent' as const,
      ageSeconds: 7.2,
      trouble: 'the sampler hangs reading /proc/4242/stat; it is replaced if this lasts',
    };
    const text = screenText(leak, '120x36', { connection });
    expect(text).toContain('silent 7.2s');
    expect(text).toContain('/proc/4242/stat');
    await expect(text).toMatchFileSnapshot(snapshot('silent-sampler', '120x36'));
  });

  test('shows the filter while it is typed', async () => {
    const { panes } = initialState();
    const findingsPane = { focused: false, chosen: null, filter: '' };
    const containers = { ...panes.containers, filter: 'flu' };
    const state = { typing: true, findingsPane, panes: { ...panes, containers } };
    await expect(screenText(leak, '80x24', { state })).toMatchFileSnapshot(snapshot('typing', '80x24'));
  });

  test('gives a message all the lines that its path needs', () => {
    const path = `/root/${'deep/'.repeat(20)}dockerd-goroutines-2026-11-21T12-00-00-000Z.txt`;
    const text = screenText(leak, '80x24', {
      state: { message: { text: `58 goroutines of dockerd (57 KiB): ${path}`, tone: 'good' } },
    });
    expect(text.replaceAll(/\n ?/g, '')).toContain(path);
  });
});

describe('a page over the panes', () => {
  test.each(['80x24', '120x36', '200x60'])('is the help: what works here is in sight, at %s', async (size) => {
    const text = screenText(leak, size, { state: { page: { kind: 'help', scroll: 0 } } });
    expect(text).toContain('elsewhere and always');
    if (size !== '80x24') expect(text).not.toMatch(/more lines?|…/);
    await expect(text).toMatchFileSnapshot(snapshot('help', size));
  });

  test('scrolls to its end and not beyond', () => {
    const text = screenText(leak, '80x14', { state: { page: { kind: 'help', scroll: 1e6 } } });
    expect(text).toContain('changes nothing on the node');
    expect(text).not.toContain('more lines');
  });

  test.each([
    ['daemons', 'dockerd'],
    ['containers', idOf('a9')],
    ['processes', '31007 144229'],
    ['mounts', '4026531841'],
    ['disks', 'vda'],
  ] as const)('tells everything about a row of %s', async (pane, key) => {
    const page = { kind: 'details' as const, pane, key, scroll: 0 };
    await expect(screenText(leak, '120x36', { state: { page } })).toMatchFileSnapshot(
      snapshot(`details-${pane}`, '120x36'),
    );
  });

  test('says so when its row has gone', () => {
    const page = { kind: 'details' as const, pane: 'processes' as const, key: '1 1', scroll: 0 };
    expect(screenText(leak, '80x24', { state: { page } })).toContain('no longer there');
  });

  test('asks which daemon to dump', async () => {
    const page = {
      kind: 'daemon-choice' as const,
      purpose: 'dump' as const,
      daemons: ['dockerd', 'containerd'],
      chosen: 1,
      scroll: 0 as const,
    };
    await expect(screenText(leak, '80x24', { state: { page } })).toMatchFileSnapshot(
      snapshot('daemon-choice', '80x24'),
    );
  });
});

describe('the footer', () => {
  const help = { kind: 'help' as const, scroll: 0 };

  test('names the keys of the page that is open', () => {
    expect(screenText(leak, '120x36', { state: { page: help } })).toMatch(/Esc back · \/ search · \? help · q quit/);
    const page = {
      kind: 'confirm' as const,
      purpose: 'dump' as const,
      daemon: 'dockerd',
      question: ['?'],
      pid: null,
    };
    expect(screenText(leak, '120x36', { state: { page: { ...page, scroll: 0 } } })).not.toContain('search');
  });

  test('shows the search while it is typed, and then its keys', () => {
    const search = { text: 'mov', current: 0, from: 0 };
    expect(screenText(leak, '80x24', { state: { page: help, search, typing: true } })).toContain('search: mov_');
    expect(screenText(leak, '80x24', { state: { page: help, search } })).toContain('n next · N previous');
  });
});

describe('the footer of a recording that is paused', () => {
  test('keeps its keys below a message of several lines, and no row moves', () => {
    const timeline = timelineAt(leak.at, { from: leak.at - 60_000, to: leak.at + 60_000 }, new NodeFollower());
    const rows = (message: ViewState['message']): string[] =>
      screenText(leak, '80x24', { timeline, state: { message } }).trimEnd().split('\n');
    const quiet = rows(null);
    const told = rows({ text: `written to /root/${'deep/'.repeat(24)}screen.txt`, tone: 'good' });
    expect(told).toHaveLength(24);
    expect(told.slice(-2)).toEqual(quiet.slice(-2));
    expect(told.at(-1)).toMatch(/space play .* q quit/);
    const covered = told.filter((line, index) => line !== quiet[index]).length;
    expect(covered).toBe(2);
  });
});

describe('a pane that is open', () => {
  const sizes = ['60x20', '80x24', '100x30', '120x36', '160x45', '200x60', '300x100'];

  test.each(sizes)('has its headings and counts its hidden rows, at %s', (size) => {
    const { columns, rows } = sizeOf(size);
    for (const scene of [scenes.stopLeak, scenes.crowded, scenes.odd]) {
      const model = scenes.modelOf(scene);
      const props = {
        model,
        verdicts: run(rules, model),
        connection: live,
        theme: plainTheme,
        size: { columns, rows },
      };
      const layout = layoutOf({ ...props, state: initialState() });
      for (const place of layout.bands.flatMap(({ stacks }) => stacks.flatMap(({ places }) => places))) {
        const id = paneIds.find((one) => one === place.block);
        if (id === undefined || place.height === 1) continue;
        const all = paneOf(id).rows(model)?.length ?? 0;
        if (all === 0) continue;
        const { lines, hidden = 0 } = paneFrame(paneInputOf({ ...props, state: initialState() }, layout, place, id));
        const drawn = lines.slice(0, place.height - frameRows(layout.bare));
        expect(
          drawn.filter((line) => line.columns !== undefined),
          id,
        ).toHaveLength(1);
        expect(drawn.filter(({ key }) => key !== undefined).length + hidden, id).toBe(all);
      }
    }
  });

  test('shows at least as much of the mounts on a larger screen', () => {
    const headings = (size: string): string[] => {
      const text = screenText(leak, size, {
        state: { focus: 'mounts', findingsPane: { focused: false, chosen: null, filter: '' } },
      });
      return (
        /^.*\bnamespace +held by.*$/m.exec(text)?.[0].match(/namespace|held by|procs|overlay|leaked|shm|nsfs|all/g) ??
        []
      );
    };
    expect(headings('80x24').length).toBeGreaterThan(3);
    for (const size of ['100x30', '120x36', '160x45', '200x60', '300x100']) {
      expect(headings(size), size).toEqual(expect.arrayContaining(headings('80x24')));
    }
  });
});

describe('the findings pane', () => {
  test('shows the chosen finding when it has the focus, also one that had no room', () => {
    const verdict = screenText(leak, '80x24', { state: { findingsPane: { focused: true, chosen: null, filter: '' } } });
    expect(verdict).toMatch(/^▸critical /m);
    expect(verdict).not.toMatch(/^▸a9/m);
    const keys = run(rules, leak).findings.map(({ key }) => key);
    const last = screenText(leak, '80x24', {
      state: { findingsPane: { focused: true, chosen: keys.at(-1) ?? null, filter: '' } },
    });
    expect(last).toMatch(/^▸\w+ /m);
    expect(last).not.toBe(verdict);
  });
});
