import * as fuzzysort from 'fuzzysort';
import type { Model } from '../../../model/model.ts';
import { keepMatching, readFilter } from '../filter.ts';
import { keyBindings } from '../keys.ts';
import { rowNamed } from '../panes/named.ts';
import { type PaneId, paneIds, paneOf } from '../panes/panes.ts';
import type { Target } from '../parts/line.ts';
import type { Shown } from '../state/selection.ts';
import type { Candidate, Candidates, PaletteEntry } from './palette-page.ts';

const maxShown = 40;
/** Rows of a pane that can be found. */
const maxRows = 2000;
/** Of fuzzysort's scores from 0 to 1: letters that are far apart score less. */
const leastScore = 0.3;
/** A match in the description counts less than one in the name. */
const detailShare = 0.6;
/** Shorter beginnings of a pane's name are other words. */
const leastWord = 3;

/** An id of a container, or its beginning, as logs and other tools show it. */
const isId = /^[0-9a-f]{6,64}$/;

/** What the text finds, best first; with the reason where that is nothing. */
export function entriesFor(
  shown: Shown,
  text: string,
  candidates: Candidates,
): { readonly entries: readonly PaletteEntry[]; readonly nothing: string } {
  const wanted = text.trim();
  const [first = '', ...others] = wanted.toLowerCase().split(/\s+/);
  const rest = others.join(' ');
  if (first === 'pid' && /^\d+$/.test(rest)) {
    return {
      entries: byPid(shown.model, Number(rest)),
      nothing: `pid ${rest} is in no pane: they list D and Z tasks, daemons and init processes`,
    };
  }
  // Letters of `pid` are in the words of other commands.
  if (wanted.toLowerCase() === 'pid') {
    return {
      entries: found(shown, wanted, candidates).filter(({ name }) => name.toLowerCase().startsWith('pid')),
      nothing: 'type a pid: pid 4242',
    };
  }
  const byId = others.length === 0 && isId.test(first) ? rowsWithId(shown.model, first) : [];
  if (byId.length > 0) return { entries: byId, nothing: '' };
  const pane = first.length < leastWord ? undefined : paneIds.find((id) => id.startsWith(first));
  if (pane !== undefined && rest !== '') {
    return { entries: inPane(shown, pane, rest, first === pane), nothing: `no row of ${pane} matches` };
  }
  return {
    entries: wanted === '' ? commands.map(({ entry }) => entry) : found(shown, wanted, candidates),
    nothing: 'nothing matches',
  };
}

/** A container is found by its id also where its row shows only the name. */
const rowsWithId = (model: Model, id: string): PaletteEntry[] =>
  rowsOfPane(model, 'containers').filter(
    ({ run }) => run.kind === 'jump' && run.target.to === 'row' && run.target.key.startsWith(id),
  );

function byPid(model: Model, pid: number): PaletteEntry[] {
  const container = model.containers?.list.find(({ initPid, pids }) => initPid === pid || pids.includes(pid));
  const daemon = model.daemons.find(({ process }) => process?.pid === pid);
  const targets = [
    rowNamed(model, 'pids', pid),
    container === undefined ? null : rowNamed(model, 'containers', container.id),
    daemon === undefined ? null : rowNamed(model, 'daemons', daemon.name),
  ];
  return targets.flatMap((target) => {
    const entry = target?.to === 'row' ? rowsOfModel(model).find(({ run }) => isTo(run, target)) : undefined;
    return entry === undefined ? [] : [entry];
  });
}

function isTo(run: PaletteEntry['run'], { pane, key }: Extract<Target, { to: 'row' }>): boolean {
  return run.kind === 'jump' && run.target.to === 'row' && run.target.pane === pane && run.target.key === key;
}

/** `containers web` filters the pane, and `container web` goes to the first row that matches; each offers the other next. */
function inPane({ model }: Shown, pane: PaneId, filter: string, isWhole: boolean): PaletteEntry[] {
  const { rows } = keepMatching(readFilter(filter), rowsOfPane(model, pane), { cellsOf: ({ name }) => [name] });
  const filtered: PaletteEntry = {
    name: `${pane} ${filter}`,
    shown: '',
    detail: 'filter the pane',
    run: { kind: 'pane', pane, filter },
  };
  return isWhole
    ? [filtered, ...rows.slice(0, maxShown)]
    : [...rows.slice(0, maxShown), ...(rows.length === 0 ? [] : [filtered])];
}

function found(shown: Shown, text: string, candidates: Candidates): PaletteEntry[] {
  const all = candidates.get(shown.model) ?? [...commands, ...placesOf(shown).map(candidateOf)];
  candidates.set(shown.model, all);
  const results = fuzzysort.go(text, all, {
    keys: [({ name }) => name, ({ detail }) => detail],
    limit: maxShown,
    threshold: leastScore,
    scoreFn: ([name, detail]) => Math.max(name?.score ?? 0, (detail?.score ?? 0) * detailShare),
  });
  return results.map(({ obj }) => obj.entry);
}

/** Findings, and the rows of all panes. */
function placesOf({ model, verdicts }: Shown): PaletteEntry[] {
  const findings = verdicts.findings.map(
    ({ title, severity, key }): PaletteEntry => ({
      name: title,
      shown: '',
      detail: severity,
      run: { kind: 'jump', target: { to: 'finding', key } },
    }),
  );
  return [...findings, ...rowsOfModel(model)];
}

const rowsOfModel = (model: Model): PaletteEntry[] => paneIds.flatMap((id) => rowsOfPane(model, id));

function rowsOfPane(model: Model, id: PaneId): PaletteEntry[] {
  const pane = paneOf(id);
  return (pane.rows(model) ?? []).slice(0, maxRows).map((row) => ({
    name: pane.label(row),
    shown: '',
    detail: pane.title,
    run: { kind: 'jump', target: { to: 'row', pane: id, key: pane.key(row) } },
  }));
}

function candidateOf(entry: PaletteEntry): Candidate {
  return { entry, name: fuzzysort.prepare(entry.name), detail: fuzzysort.prepare(entry.detail) };
}

/** The keys, but for the palette's own; those that focus a place have its name. */
const commands: readonly Candidate[] = keyBindings
  .filter(({ command }) => command !== 'palette')
  .map(({ command, keys, shown, help }) => {
    const place = /^focus-(\d)$/.exec(command)?.[1];
    const name =
      place === undefined ? command.replaceAll('-', ' ') : (['findings', ...paneIds][Number(place)] ?? command);
    const key = keys[0] ?? '';
    return candidateOf({ name, shown: shown.split(' ')[0] || key, detail: help, run: { kind: 'key', key } });
  });
