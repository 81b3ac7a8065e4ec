import { keyHelp } from './key-help.ts';
import { paneIds } from './panes/panes.ts';
import { type PageKind, savedPages } from './state/page.ts';

/**
 * Which part handles a command: the reducer of the view (`state.ts`), the time source for commands about time or about the
 * source itself (`timeline/`), or the actions on the node and the terminal (`app/actions/node-actions.ts`). Each owner switches over all
 * of its commands, so the compiler names a missing one.
 */
type Owner = 'view' | 'time' | 'source' | 'action';

interface Row {
  /** As Ink names them: a character, or `return`, `escape`, `upArrow`, `ctrl+c`. */
  readonly keys: readonly string[];
  readonly command: string;
  readonly owner: Owner;
  /** The keys as shown on the screen; empty where the neighbour on the help page already shows them. */
  readonly shown: string;
  /** The line of the help page, which neighbours share. */
  readonly group: string;
  /** The word in the footer below the panes; without it only the help page lists the key. */
  readonly short?: string;
  /** The word in the footer below a page. */
  readonly inPage?: string;
  /** The word in the footer while the past is shown; keys that have one come first there. */
  readonly inPast?: string;
  /** Where the key works; everywhere if not set. */
  readonly only?: 'live' | 'replay';
  /** The pages whose footer shows it; all of them if not set. */
  readonly pages?: readonly PageKind[];
}

const textPages: readonly PageKind[] = ['help', 'details', 'finding', 'inspect', 'log', 'goroutines', 'heap'];
const opens = 'open the selected row; go back, clear the search or filter';
const daemonPages = 'explain the goroutines, summarise the heap of a daemon';
const dumps = 'dump goroutines to a file, over pprof or with SIGUSR1';
const abouts = 'inspect the container; show its log, lines about it or a daemon';
const filters = 'filter: !word, state:D, /regex/; search a page, next, previous';
const sorts = 'sort, then the letter of a heading; reverse; zoom the pane';
const panes = 'process tree; hide a pane, move it; keep this and the sorting';
const finds = 'find a command or a place: containers web, pid 4242, mounts';
const shows = 'show or hide secrets; copy the id, path or command (OSC 52)';
const steps = 'pause or resume; step 1s, with Shift 10s';
const markers = 'previous, next finding; 1 minute; go to 12:00:05, -5m or 50%';
const paces = 'sample less or more often; play slower, faster; local time, UTC';
const files = 'record; write a bundle; print the screen, save the page whole';
const neighbours = 'select a pane, on a page a link; go back after a jump';
const places = `focus findings, ${paneIds.join(', ')}`;
const moves = 'move';
const leaves = 'draw the screen anew; show or hide this help; quit';

/** The arrows as shown; in ASCII the footer has words for them. */
export const sideArrows = '←→';

/** Every key. The footer and the help page come from this table: the most useful first, quit last. */
const table = [
  {
    keys: ['return'],
    command: 'open',
    owner: 'view',
    shown: 'Enter',
    group: opens,
    short: 'open',
    inPage: 'open',
    pages: ['goroutines', 'finding', 'details'],
  },
  {
    keys: ['x'],
    command: 'goroutines',
    owner: 'action',
    shown: 'x',
    group: daemonPages,
    short: 'stacks',
    only: 'live',
  },
  { keys: ['h'], command: 'heap', owner: 'action', shown: 'h', group: daemonPages, only: 'live' },
  { keys: ['d'], command: 'dump', owner: 'action', shown: 'd', group: dumps, short: 'dump', only: 'live' },
  { keys: ['D'], command: 'signal-dump', owner: 'action', shown: 'D', group: dumps, only: 'live' },
  { keys: ['escape'], command: 'back', owner: 'view', shown: 'Esc', group: opens, inPage: 'back' },
  {
    keys: ['i'],
    command: 'inspect',
    owner: 'action',
    shown: 'i',
    group: abouts,
    short: 'inspect',
    inPage: 'inspect',
    only: 'live',
    pages: ['finding', 'details', 'log'],
  },
  {
    keys: ['l'],
    command: 'log',
    owner: 'view',
    shown: 'l',
    group: abouts,
    short: 'log',
    inPage: 'log',
    pages: ['finding', 'details', 'inspect'],
  },
  {
    keys: ['e'],
    command: 'reveal',
    owner: 'view',
    shown: 'e',
    group: shows,
    inPage: 'reveal',
    pages: ['inspect'],
  },
  {
    keys: ['y'],
    command: 'copy',
    owner: 'action',
    shown: 'y',
    group: shows,
    short: 'copy',
    inPage: 'copy',
    pages: ['finding', 'details', 'inspect', 'log'],
  },
  {
    keys: ['/', 'f3', 'f4'],
    command: 'filter',
    owner: 'view',
    shown: '/',
    group: filters,
    short: 'filter',
    inPage: 'search',
    pages: textPages,
  },
  {
    keys: [':'],
    command: 'palette',
    owner: 'view',
    shown: ':',
    group: finds,
    short: 'go to',
  },
  { keys: ['n'], command: 'next-match', owner: 'view', shown: 'n', group: filters },
  { keys: ['N'], command: 'previous-match', owner: 'view', shown: 'N', group: filters },
  { keys: ['s', 'f6'], command: 'sort', owner: 'view', shown: 's', group: sorts, short: 'sort' },
  { keys: ['S'], command: 'reverse', owner: 'view', shown: 'S', group: sorts },
  { keys: ['f5', 'T'], command: 'tree', owner: 'view', shown: 'T', group: panes },
  { keys: ['H'], command: 'hide', owner: 'view', shown: 'H', group: panes },
  { keys: ['('], command: 'move-up', owner: 'view', shown: '(', group: panes },
  { keys: [')'], command: 'move-down', owner: 'view', shown: ')', group: panes },
  { keys: ['W'], command: 'save-view', owner: 'action', shown: 'W', group: panes },
  { keys: ['z'], command: 'zoom', owner: 'view', shown: 'z', group: sorts, short: 'zoom' },
  { keys: [' '], command: 'pause', owner: 'time', shown: 'space', group: steps, short: 'pause', inPast: 'resume' },
  { keys: ['leftArrow'], command: 'step-back', owner: 'time', shown: sideArrows, group: steps, inPast: 'step' },
  { keys: ['rightArrow'], command: 'step-on', owner: 'time', shown: '', group: steps },
  { keys: ['shift+leftArrow'], command: 'leap-back', owner: 'time', shown: '', group: steps },
  { keys: ['shift+rightArrow'], command: 'leap-on', owner: 'time', shown: '', group: steps },
  { keys: ['['], command: 'previous-marker', owner: 'time', shown: '[', group: markers },
  { keys: [']'], command: 'next-marker', owner: 'time', shown: ']', group: markers, inPast: 'finding' },
  { keys: ['{'], command: 'minute-back', owner: 'time', shown: '{', group: markers },
  { keys: ['}'], command: 'minute-on', owner: 'time', shown: '}', group: markers },
  { keys: ['t'], command: 'seek', owner: 'view', shown: 't', group: markers, inPast: 'seek' },
  { keys: ['+', '='], command: 'slower', owner: 'source', shown: '+ =', group: paces },
  { keys: ['-'], command: 'faster', owner: 'source', shown: '-', group: paces },
  { keys: ['<'], command: 'play-slower', owner: 'time', shown: '<', group: paces, only: 'replay' },
  { keys: ['>'], command: 'play-faster', owner: 'time', shown: '>', group: paces, inPast: 'faster', only: 'replay' },
  { keys: ['u'], command: 'zone', owner: 'view', shown: 'u', group: paces },
  { keys: ['r'], command: 'record', owner: 'source', shown: 'r', group: files, only: 'live' },
  { keys: ['b'], command: 'bundle', owner: 'action', shown: 'b', group: files, only: 'live' },
  { keys: ['P'], command: 'print', owner: 'action', shown: 'P', group: files },
  { keys: ['w'], command: 'save-page', owner: 'action', shown: 'w', group: files, inPage: 'save', pages: savedPages },
  { keys: ['tab'], command: 'focus-next', owner: 'view', shown: 'Tab', group: neighbours, short: 'pane' },
  { keys: ['shift+tab'], command: 'focus-previous', owner: 'view', shown: 'S-Tab', group: neighbours },
  { keys: ['ctrl+o'], command: 'jump-back', owner: 'view', shown: '^O', group: neighbours },
  { keys: ['0'], command: 'focus-0', owner: 'view', shown: '0', group: places },
  { keys: ['1'], command: 'focus-1', owner: 'view', shown: '1', group: places },
  { keys: ['2'], command: 'focus-2', owner: 'view', shown: '2', group: places },
  { keys: ['3'], command: 'focus-3', owner: 'view', shown: '3', group: places },
  { keys: ['4'], command: 'focus-4', owner: 'view', shown: '4', group: places },
  { keys: ['5'], command: 'focus-5', owner: 'view', shown: '5', group: places },
  { keys: ['upArrow', 'k'], command: 'up', owner: 'view', shown: '↑ k', group: moves },
  { keys: ['downArrow', 'j'], command: 'down', owner: 'view', shown: '↓ j', group: moves },
  { keys: ['pageUp', 'ctrl+b'], command: 'page-up', owner: 'view', shown: 'PgUp ^B', group: moves },
  { keys: ['pageDown', 'ctrl+f'], command: 'page-down', owner: 'view', shown: 'PgDn ^F', group: moves },
  { keys: ['ctrl+u'], command: 'half-up', owner: 'view', shown: '^U', group: moves },
  { keys: ['ctrl+d'], command: 'half-down', owner: 'view', shown: '^D', group: moves },
  // As in k9s and less; of the gg of vim the second does nothing.
  { keys: ['home', 'g'], command: 'first', owner: 'view', shown: 'Home g', group: moves },
  { keys: ['end', 'G'], command: 'last', owner: 'view', shown: 'End G', group: moves },
  { keys: ['ctrl+l'], command: 'redraw', owner: 'action', shown: '^L', group: leaves },
  { keys: ['?', 'f1'], command: 'help', owner: 'view', shown: '?', group: leaves, short: 'help', inPage: 'help' },
  {
    keys: ['q', 'ctrl+c', 'f10'],
    command: 'quit',
    owner: 'action',
    shown: 'q ^C',
    group: leaves,
    short: 'quit',
    inPage: 'quit',
  },
] as const satisfies readonly Row[];

type TableRow = (typeof table)[number];

/** What a key does. */
type Command = TableRow['command'];
/** The commands that an owner handles. */
export type CommandOf<O extends Owner> = Extract<TableRow, { readonly owner: O }>['command'];
export type ViewCommand = CommandOf<'view'>;
export type ActionCommand = CommandOf<'action'>;

export interface KeyBinding extends Row {
  readonly command: Command;
  /** What this key alone does: for the palette and the docs. */
  readonly help: string;
}

/** What the mouse does, for the help page and the docs. Who obeys is `reduce-click.ts`. */
export const mouseBindings = [
  {
    event: 'click',
    shown: 'click',
    help: 'select a row, a finding or a pane; sort by a heading; follow a link; press a key of the last line',
  },
  { event: 'double-click', shown: 'double click', help: 'open what is there; on a title, zoom the pane' },
  { event: 'wheel', shown: 'wheel', help: 'scroll the pane or the page below it' },
  { event: 'shift', shown: 'Shift', help: 'hold it to select text as your terminal does' },
] as const;

const helpOf: Readonly<Record<Command, string>> = keyHelp;

/** In the order of the footer and of the help page. */
export const keyBindings: readonly KeyBinding[] = table.map((row) => ({ ...row, help: helpOf[row.command] }));

/** A command and its owner. */
type Asked = { readonly [O in Owner]: { readonly owner: O; readonly command: CommandOf<O> } }[Owner];

const byKey = new Map<string, Asked>(table.flatMap((row) => row.keys.map((key) => [key, row])));

/** The command of a key and its owner; null for a key without a command. */
export function commandOfKey(key: string): Asked | null {
  return byKey.get(key) ?? null;
}
