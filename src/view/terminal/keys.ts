import type { PageKind } from './page.ts';
import { paneIds } from './panes/panes.ts';

/**
 * Who obeys a command: the reducer of the view (`state.ts`), the source of the Samples for what is about time and for what is
 * about the source itself (`timeline/`), or what acts on the node and the terminal (`app/node-actions.ts`). Each of them
 * switches over all of its commands, so that the compiler names one that is missing.
 */
type Owner = 'view' | 'time' | 'source' | 'action';

interface Row {
  /** As Ink names them: a character, or `return`, `escape`, `upArrow`, `ctrl+c`. */
  readonly keys: readonly string[];
  readonly command: string;
  readonly owner: Owner;
  /** How the keys are written for people; empty where the neighbour on the help page shows them. */
  readonly shown: string;
  /** Neighbours that do the same share a line of the help page. */
  readonly help: string;
  /** A word for the footer under the panes; without it the key is only on the help page. */
  readonly short?: string;
  /** A word for the footer under a page. */
  readonly inPage?: string;
  /** A word for the footer while the past is shown; the keys that have one come first there. */
  readonly inPast?: string;
  /** Does nothing elsewhere. */
  readonly only?: 'live' | 'replay';
  /** The pages whose footer has it; without it all of them. */
  readonly pages?: readonly PageKind[];
}

const textPages: readonly PageKind[] = ['help', 'details', 'finding', 'inspect', 'log', 'goroutines', 'heap'];
const opens = 'open the chosen row or finding; go back, leave search or filter';
const daemonPages = 'explain the goroutines, tell the heap of dockerd or containerd';
const dumps = 'dump the goroutines to a file; by signal, without debug pages';
const abouts = 'inspect the container; read the log lines about it or the daemon';
const filters = 'filter the rows; on a page search, next match, previous match';
const sorts = 'sort by the next column; reverse; zoom the pane, and back';
const shows = 'show, hide secrets (inspect); copy id, path, command (OSC 52)';
const steps = 'hold the screen, and go on; step a second, with shift ten';
const markers = 'finding before, after; a minute; to a time: 12:00:05 -5m 50%';
const paces = 'look less or more often; play a recording slower or faster';
const files = 'start or stop a recording; write a bundle: to --dump-dir';
const neighbours = 'focus the next or the previous pane, or command of a finding';
const places = `focus findings, ${paneIds.join(', ')}`;
const moves = 'move';
const leaves = 'this page; quit';

/** Every key. The footer and the help page are made from this table: what matters most comes first, and quit last. */
const table = [
  {
    keys: ['return'],
    command: 'open',
    owner: 'view',
    shown: 'Enter',
    help: opens,
    short: 'open',
    inPage: 'open',
    pages: ['goroutines'],
  },
  { keys: ['g'], command: 'goroutines', owner: 'action', shown: 'g', help: daemonPages, short: 'stacks', only: 'live' },
  { keys: ['h'], command: 'heap', owner: 'action', shown: 'h', help: daemonPages, only: 'live' },
  { keys: ['d'], command: 'dump', owner: 'action', shown: 'd', help: dumps, short: 'dump', only: 'live' },
  { keys: ['D'], command: 'signal-dump', owner: 'action', shown: 'D', help: dumps, only: 'live' },
  { keys: ['escape'], command: 'back', owner: 'view', shown: 'Esc', help: opens, inPage: 'back' },
  {
    keys: ['i'],
    command: 'inspect',
    owner: 'action',
    shown: 'i',
    help: abouts,
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
    help: abouts,
    short: 'log',
    inPage: 'log',
    pages: ['finding', 'details', 'inspect'],
  },
  {
    keys: ['e'],
    command: 'reveal',
    owner: 'view',
    shown: 'e',
    help: shows,
    inPage: 'secrets',
    pages: ['inspect'],
  },
  {
    keys: ['y'],
    command: 'copy',
    owner: 'action',
    shown: 'y',
    help: shows,
    short: 'copy',
    inPage: 'copy',
    pages: ['finding', 'details', 'inspect', 'log'],
  },
  {
    keys: ['/'],
    command: 'filter',
    owner: 'view',
    shown: '/',
    help: filters,
    short: 'filter',
    inPage: 'search',
    pages: textPages,
  },
  { keys: ['n'], command: 'next-match', owner: 'view', shown: 'n', help: filters },
  { keys: ['N'], command: 'previous-match', owner: 'view', shown: 'N', help: filters },
  { keys: ['s'], command: 'sort', owner: 'view', shown: 's', help: sorts, short: 'sort' },
  { keys: ['S'], command: 'reverse', owner: 'view', shown: 'S', help: sorts },
  { keys: ['z'], command: 'zoom', owner: 'view', shown: 'z', help: sorts, short: 'zoom' },
  { keys: [' '], command: 'pause', owner: 'time', shown: 'space', help: steps, short: 'pause', inPast: 'go on' },
  { keys: ['leftArrow'], command: 'step-back', owner: 'time', shown: '←→', help: steps, inPast: 'step' },
  { keys: ['rightArrow'], command: 'step-on', owner: 'time', shown: '', help: steps },
  { keys: ['shift+leftArrow'], command: 'leap-back', owner: 'time', shown: '', help: steps },
  { keys: ['shift+rightArrow'], command: 'leap-on', owner: 'time', shown: '', help: steps },
  { keys: ['['], command: 'previous-marker', owner: 'time', shown: '[', help: markers },
  { keys: [']'], command: 'next-marker', owner: 'time', shown: ']', help: markers, inPast: 'finding' },
  { keys: ['{'], command: 'minute-back', owner: 'time', shown: '{', help: markers },
  { keys: ['}'], command: 'minute-on', owner: 'time', shown: '}', help: markers },
  { keys: ['t', ':'], command: 'seek', owner: 'view', shown: 't', help: markers, inPast: 'time' },
  { keys: ['+', '='], command: 'slower', owner: 'source', shown: '+', help: paces },
  { keys: ['-'], command: 'faster', owner: 'source', shown: '-', help: paces },
  { keys: ['<'], command: 'play-slower', owner: 'time', shown: '<', help: paces, only: 'replay' },
  { keys: ['>'], command: 'play-faster', owner: 'time', shown: '>', help: paces, inPast: 'faster', only: 'replay' },
  { keys: ['r'], command: 'record', owner: 'source', shown: 'r', help: files, only: 'live' },
  { keys: ['b'], command: 'bundle', owner: 'action', shown: 'b', help: files, only: 'live' },
  { keys: ['tab'], command: 'focus-next', owner: 'view', shown: 'Tab', help: neighbours, short: 'pane' },
  { keys: ['shift+tab'], command: 'focus-previous', owner: 'view', shown: 'S-Tab', help: neighbours },
  { keys: ['0'], command: 'focus-0', owner: 'view', shown: '0', help: places },
  { keys: ['1'], command: 'focus-1', owner: 'view', shown: '1', help: places },
  { keys: ['2'], command: 'focus-2', owner: 'view', shown: '2', help: places },
  { keys: ['3'], command: 'focus-3', owner: 'view', shown: '3', help: places },
  { keys: ['4'], command: 'focus-4', owner: 'view', shown: '4', help: places },
  { keys: ['5'], command: 'focus-5', owner: 'view', shown: '5', help: places },
  { keys: ['upArrow', 'k'], command: 'up', owner: 'view', shown: '↑ k', help: moves },
  { keys: ['downArrow', 'j'], command: 'down', owner: 'view', shown: '↓ j', help: moves },
  { keys: ['pageUp'], command: 'page-up', owner: 'view', shown: 'PgUp', help: moves },
  { keys: ['pageDown'], command: 'page-down', owner: 'view', shown: 'PgDn', help: moves },
  { keys: ['home'], command: 'first', owner: 'view', shown: 'Home', help: moves },
  { keys: ['end', 'G'], command: 'last', owner: 'view', shown: 'End G', help: moves },
  { keys: ['?'], command: 'help', owner: 'view', shown: '?', help: leaves, short: 'help', inPage: 'help' },
  { keys: ['q', 'ctrl+c'], command: 'quit', owner: 'action', shown: 'q', help: leaves, short: 'quit', inPage: 'quit' },
] as const satisfies readonly Row[];

type TableRow = (typeof table)[number];

/** What a key asks for. */
type Command = TableRow['command'];
/** The commands that an owner obeys. */
export type CommandOf<O extends Owner> = Extract<TableRow, { readonly owner: O }>['command'];
export type ViewCommand = CommandOf<'view'>;
export type ActionCommand = CommandOf<'action'>;

export interface KeyBinding extends Row {
  readonly command: Command;
}

/** In the order of the footer and of the help page. */
export const keyBindings: readonly KeyBinding[] = table;

/** A command, and who obeys it. */
type Asked = { readonly [O in Owner]: { readonly owner: O; readonly command: CommandOf<O> } }[Owner];

const byKey = new Map<string, Asked>(table.flatMap((row) => row.keys.map((key) => [key, row])));

/** What a key asks for, and of whom; null for a key that means nothing. */
export function askedBy(key: string): Asked | null {
  return byKey.get(key) ?? null;
}
