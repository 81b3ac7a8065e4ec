import type { DaemonModel } from '../../model/daemons/daemons.ts';

/** A ping takes no lock and does no work: one that is not answered for so long will not be. */
const patienceMs = 5000;
/** While it restores its containers a new dockerd does not answer yet. */
const startSeconds = 30;
/** Restoring hundreds of containers takes a minute; no start takes a quarter of an hour. */
const longStartSeconds = 60;
const startOverSeconds = 900;

export interface Silence {
  readonly detail: string;
  /** Null when the question was given up. */
  readonly forMs: number | null;
}

/** Null when it answers, is only just asked, is in its start, or is not asked because rtwatch may not. */
export function silenceOf(daemon: DaemonModel): Silence | null {
  // A signal stopped it: that is no start.
  if (daemon.process?.state === 'T') return unanswered(daemon);
  const isYoung = daemon.process === null || daemon.process.ageSeconds < startSeconds;
  return isYoung || isStarting(daemon) ? null : unanswered(daemon);
}

/** Of one whose process is not in this /proc: where no process listens the connection is refused, here it is not. */
export function unseenSilenceOf(daemon: DaemonModel): Silence | null {
  if (daemon.process !== null) return null;
  const silence = unanswered(daemon);
  return silence !== null && (silence.forMs !== null || silence.detail.includes('no answer within')) ? silence : null;
}

/** It was started not long ago, and no process saw it answer since. */
function isStarting({ process, hasAnswered }: DaemonModel): boolean {
  return process !== null && process.ageSeconds < startOverSeconds && !hasAnswered;
}

/** Why it is known that a daemon has not come up; null when it has, or may still do so. */
export function startHangOf(daemon: DaemonModel): string | null {
  const { process } = daemon;
  if (process === null || process.ageSeconds < longStartSeconds) return null;
  if (process.listens === false) return 'it listens on no socket';
  // One that a signal stopped may have come up long before: see `silenceOf`.
  return isStarting(daemon) && process.state !== 'T' ? (unanswered(daemon)?.detail ?? null) : null;
}

function unanswered({ ping, endpoint }: DaemonModel): Silence | null {
  if (ping.status === 'pending') return ping.forMs > patienceMs ? { detail: ping.detail, forMs: ping.forMs } : null;
  // An answer that says no is an answer, and a socket that may not be opened says nothing of who listens.
  if (ping.status !== 'failed' || /permission denied|HTTP \d/.test(ping.detail)) return null;
  // Nothing listens at that address: whichever process there is, it is not the one that was asked.
  if (endpoint?.startsWith('tcp:') === true && ping.detail.includes('connection refused')) return null;
  return { detail: ping.detail, forMs: null };
}
