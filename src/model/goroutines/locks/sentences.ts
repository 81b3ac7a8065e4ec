import { formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import type { ChainLink, LockHolder, LockReport } from './report.ts';

/** A lock in sentences: its waiters, its holder, and what the holder waits for. */
export function lockSentences(lock: LockReport, { partial }: { readonly partial: boolean }): string[] {
  return [waitersOf(lock), ...readersOf(lock), ...holderSentences(lock, partial)];
}

/** Of these, those about the holder: who it is, what it waits for, and whether they wait for each other. */
export function holderSentences(lock: LockReport, partial: boolean): string[] {
  return [holderOf(lock, partial), ...chainOf(lock), ...deadlockOf(lock)];
}

function waitersOf({ name, address, kind, waiters, ids, waitMinutes, wanted, isFolded }: LockReport): string {
  const [first] = wanted;
  const who =
    waiters === 1
      ? `${ids[0] === undefined ? 'One goroutine' : `Goroutine ${ids[0]}`} waits`
      : `${formatCount(waiters)} goroutines wait`;
  const where = address === null ? '' : ` (${kind === 'mutex' ? 'Mutex' : 'RWMutex'} ${address})`;
  const long =
    waitMinutes === null
      ? ''
      : `, ${waitMinutes.min === waitMinutes.max ? '' : 'up to '}${formatSeconds(waitMinutes.max * 60)}`;
  const path = first === undefined || first.path.length === 0 ? '' : `, in ${first.path.slice(0, 5).join(' < ')}`;
  const folded = isFolded && waiters > 1 ? ' The dump has no addresses: these can be several locks of this kind.' : '';
  return `${who} for ${waiters > 1 && address !== null ? 'one lock: ' : ''}${name}${where}${long}${path}.${folded}`;
}

function readersOf({ readers, pendingWriter, waiters }: LockReport): string[] {
  if (readers === 0 || pendingWriter === null) return [];
  const who = readers === waiters ? 'All' : `${formatCount(readers)} of them`;
  return [`${who} wait for a read lock behind goroutine ${pendingWriter}, which waits for the write lock.`];
}

function holderOf({ holder, candidates, isSampled, isFolded }: LockReport, partial: boolean): string {
  if (holder !== null)
    return `${nameOf(holder)} ${holder.probably ? 'probably holds' : 'holds'} it, ${doingOf(holder)}.`;
  if (candidates.length > 0) {
    return `The holder is probably one of these: ${candidates.map((one) => `${lower(nameOf(one))} ${doingOf(one)}`).join('; ')}.`;
  }
  if (partial) return 'The holder is unknown: this dump is an excerpt without it.';
  if (isFolded) return 'The holder is unknown: the dump has no addresses. Take a dump with debug=2.';
  if (isSampled) return 'The holder is unknown: none of the compared goroutines shows its address.';
  return 'The holder is unknown: no goroutine in the dump shows its address.';
}

function chainOf({ chain, deadlock }: LockReport): string[] {
  if (deadlock.length > 0) return [];
  return chain.map(({ lock, name, holder }) => linkText(lock, name, holder));
}

function linkText(lock: string, name: string, holder: ChainLink['holder']): string {
  const what = `The holder waits for ${name}${lock === '' ? '' : ` (${lock})`}`;
  if (holder === null) return `${what}, whose holder is unknown.`;
  return `${what}, which ${lower(nameOf(holder))} ${holder.probably ? 'probably holds' : 'holds'}, ${doingOf(holder)}.`;
}

function deadlockOf(lock: LockReport): string[] {
  const { deadlock } = lock;
  if (deadlock.length === 0) return [];
  const ids = deadlock.map(String);
  const who =
    ids.length === 1
      ? `goroutine ${ids[0]} waits for itself`
      : `goroutines ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)} wait for each other`;
  const they = ids.length === 1 ? 'It waits' : 'They wait';
  return [
    `${isProbable(lock) ? 'Probably a deadlock' : 'Deadlock'}: ${who}. ${they} forever: only a restart of the program releases the locks.`,
  ];
}

/** The holder of the lock, or of one behind it, is a guess: no receiver address names it. */
export function isProbable({ holder, chain }: LockReport): boolean {
  return (holder?.probably ?? true) || chain.some((link) => link.holder?.probably ?? true);
}

function nameOf({ goroutine }: LockHolder): string {
  return goroutine === null ? 'A goroutine' : `Goroutine ${goroutine}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function doingOf({ doing, path, state, waitMinutes }: LockHolder): string {
  const taken = path.at(-1);
  const below = taken === undefined || taken === doing ? '' : ` below ${taken}`;
  const long = waitMinutes === null ? '' : `, ${formatSeconds(waitMinutes * 60)}`;
  return `in ${doing}${below}${state === null ? '' : ` [${state}${long}]`}`;
}
