import type { PageKind } from './state.ts';

/** What a key asks for. The reducer (`state.ts`) answers those about the view, the shell (`app/`) the rest. */
export type Command =
  | 'focus-0'
  | 'focus-1'
  | 'focus-2'
  | 'focus-3'
  | 'focus-4'
  | 'focus-5'
  | 'focus-next'
  | 'focus-previous'
  | 'zoom'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'filter'
  | 'next-match'
  | 'previous-match'
  | 'sort'
  | 'reverse'
  | 'pause'
  | TimeCommand
  | 'dump'
  | 'signal-dump'
  | 'goroutines'
  | 'heap'
  | 'inspect'
  | 'reveal'
  | 'log'
  | 'copy'
  | 'record'
  | 'bundle'
  | 'slower'
  | 'faster'
  | 'help'
  | 'quit';

/** What moves in time: in the past of the live screen, and in a recording. */
export type TimeCommand =
  | 'step-back'
  | 'step-on'
  | 'leap-back'
  | 'leap-on'
  | 'minute-back'
  | 'minute-on'
  | 'previous-mark'
  | 'next-mark'
  | 'seek'
  | 'play-slower'
  | 'play-faster';

export interface KeyBinding {
  /** As Ink names them: a character, or `return`, `escape`, `upArrow`, `ctrl+c`. */
  readonly keys: readonly string[];
  readonly command: Command;
  /** How the keys are written for people; empty where its neighbour on the help page tells of it. */
  readonly shown: string;
  /** Neighbours that do the same share a line of the help page. */
  readonly does: string;
  /** A word for the footer under the panes; without it the key is only on the help page. */
  readonly short?: string;
  /** A word for the footer under a page. */
  readonly inPage?: string;
  /** A word for the footer while the past is looked at; the keys that have one come first there. */
  readonly inPast?: string;
  /** Does nothing in a recording. */
  readonly liveOnly?: true;
  /** Does nothing but in a recording. */
  readonly replayOnly?: true;
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
const marks = 'finding before, after; a minute; to a time: 12:00:05 -5m 50%';
const paces = 'look less or more often; play a recording slower or faster';
const files = 'start or stop a recording; write a bundle: to --dump-dir';
const neighbours = 'focus the next or the previous pane, or command of a finding';
const places = 'focus findings, daemons, containers, processes, mounts, disks';
const moves = 'move';
const leaves = 'this page; quit';

/** Every key. The footer and the help page are made from this table: what matters most comes first, and quit last. */
export const keyBindings: readonly KeyBinding[] = [
  {
    keys: ['return'],
    command: 'open',
    shown: 'Enter',
    does: opens,
    short: 'open',
    inPage: 'open',
    pages: ['goroutines'],
  },
  { keys: ['g'], command: 'goroutines', shown: 'g', does: daemonPages, short: 'stacks', liveOnly: true },
  { keys: ['h'], command: 'heap', shown: 'h', does: daemonPages, liveOnly: true },
  { keys: ['d'], command: 'dump', shown: 'd', does: dumps, short: 'dump', liveOnly: true },
  { keys: ['D'], command: 'signal-dump', shown: 'D', does: dumps, liveOnly: true },
  { keys: ['escape'], command: 'back', shown: 'Esc', does: opens, inPage: 'back' },
  {
    keys: ['i'],
    command: 'inspect',
    shown: 'i',
    does: abouts,
    short: 'inspect',
    inPage: 'inspect',
    liveOnly: true,
    pages: ['finding', 'details', 'log'],
  },
  {
    keys: ['l'],
    command: 'log',
    shown: 'l',
    does: abouts,
    short: 'log',
    inPage: 'log',
    pages: ['finding', 'details', 'inspect'],
  },
  {
    keys: ['e'],
    command: 'reveal',
    shown: 'e',
    does: shows,
    inPage: 'secrets',
    pages: ['inspect'],
  },
  {
    keys: ['y'],
    command: 'copy',
    shown: 'y',
    does: shows,
    short: 'copy',
    inPage: 'copy',
    pages: ['finding', 'details', 'inspect', 'log'],
  },
  { keys: ['/'], command: 'filter', shown: '/', does: filters, short: 'filter', inPage: 'search', pages: textPages },
  { keys: ['n'], command: 'next-match', shown: 'n', does: filters },
  { keys: ['N'], command: 'previous-match', shown: 'N', does: filters },
  { keys: ['s'], command: 'sort', shown: 's', does: sorts, short: 'sort' },
  { keys: ['S'], command: 'reverse', shown: 'S', does: sorts },
  { keys: ['z'], command: 'zoom', shown: 'z', does: sorts, short: 'zoom' },
  { keys: [' '], command: 'pause', shown: 'space', does: steps, short: 'pause', inPast: 'go on' },
  { keys: ['leftArrow'], command: 'step-back', shown: '←→', does: steps, inPast: 'step' },
  { keys: ['rightArrow'], command: 'step-on', shown: '', does: steps },
  { keys: ['shift+leftArrow'], command: 'leap-back', shown: '', does: steps },
  { keys: ['shift+rightArrow'], command: 'leap-on', shown: '', does: steps },
  { keys: ['['], command: 'previous-mark', shown: '[', does: marks },
  { keys: [']'], command: 'next-mark', shown: ']', does: marks, inPast: 'finding' },
  { keys: ['{'], command: 'minute-back', shown: '{', does: marks },
  { keys: ['}'], command: 'minute-on', shown: '}', does: marks },
  { keys: ['t', ':'], command: 'seek', shown: 't', does: marks, inPast: 'time' },
  { keys: ['+', '='], command: 'slower', shown: '+', does: paces },
  { keys: ['-'], command: 'faster', shown: '-', does: paces },
  { keys: ['<'], command: 'play-slower', shown: '<', does: paces, replayOnly: true },
  { keys: ['>'], command: 'play-faster', shown: '>', does: paces, inPast: 'faster', replayOnly: true },
  { keys: ['r'], command: 'record', shown: 'r', does: files, liveOnly: true },
  { keys: ['b'], command: 'bundle', shown: 'b', does: files, liveOnly: true },
  { keys: ['tab'], command: 'focus-next', shown: 'Tab', does: neighbours, short: 'pane' },
  { keys: ['shift+tab'], command: 'focus-previous', shown: 'S-Tab', does: neighbours },
  { keys: ['0'], command: 'focus-0', shown: '0', does: places },
  { keys: ['1'], command: 'focus-1', shown: '1', does: places },
  { keys: ['2'], command: 'focus-2', shown: '2', does: places },
  { keys: ['3'], command: 'focus-3', shown: '3', does: places },
  { keys: ['4'], command: 'focus-4', shown: '4', does: places },
  { keys: ['5'], command: 'focus-5', shown: '5', does: places },
  { keys: ['upArrow', 'k'], command: 'up', shown: '↑ k', does: moves },
  { keys: ['downArrow', 'j'], command: 'down', shown: '↓ j', does: moves },
  { keys: ['pageUp'], command: 'page-up', shown: 'PgUp', does: moves },
  { keys: ['pageDown'], command: 'page-down', shown: 'PgDn', does: moves },
  { keys: ['home'], command: 'first', shown: 'Home', does: moves },
  { keys: ['end', 'G'], command: 'last', shown: 'End G', does: moves },
  { keys: ['?'], command: 'help', shown: '?', does: leaves, short: 'help', inPage: 'help' },
  { keys: ['q', 'ctrl+c'], command: 'quit', shown: 'q', does: leaves, short: 'quit', inPage: 'quit' },
];

const byKey = new Map(keyBindings.flatMap(({ keys, command }) => keys.map((key) => [key, command])));

export function commandOf(key: string): Command | null {
  return byKey.get(key) ?? null;
}
