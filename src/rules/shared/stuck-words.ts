import type { ContainerModel } from '../../model/containers/container.ts';
import { earliest, type StuckEvidence } from '../../model/containers/stuck/evidence.ts';
import type { Parts } from '../engine/parts.ts';
import type { Evidence, Finding } from '../engine/rule.ts';

/** `web-1 ← dd (pid 4242, D) ← a write to a frozen ext4 filesystem ← /data (/dev/loop0)` */
export function chainOf({ label, blocker, shim }: ContainerModel): string {
  const links = [label];
  if (blocker === null) {
    if (shim !== null) links.push(`its shim (pid ${shim.pid}, ${shim.state})`);
    return links.join(' ← ');
  }
  const { comm, pid, state, waits, waitsText, wchan } = blocker;
  const states = state === 'Z' ? 'dead, with a thread in D' : 'D';
  links.push(`${comm} (pid ${pid}, ${states}${blocker.killPending ? ', SIGKILL pending' : ''})`);
  const text = waits?.text ?? waitsText;
  if (text !== '') links.push(text);
  else if (wchan !== null) links.push(wchan);
  const mount = waits?.mount ?? null;
  if (mount !== null) links.push(`${mount.mountPoint} (${mount.source})`);
  return links.join(' ← ');
}

/** The earliest start in the evidence of this cause; null if it was so when rtwatch first saw it, and nothing says since when. */
export function sinceOf(
  { stuckIn, stuckSince, stuckBefore }: ContainerModel,
  evidence: readonly StuckEvidence[],
): number | null {
  const first = stuckIn.length < 2 ? null : earliest(evidence);
  if (first !== null) return first.beganBefore ? null : first.since;
  return stuckBefore ? null : stuckSince;
}

/** With when each began, and with the kernel's own words of the task that holds it up. */
export function evidenceOf(
  { blocker }: ContainerModel,
  evidence: readonly StuckEvidence[],
  { processes }: Parts<'processes'>,
): Evidence[] {
  const written = evidence.map(({ text, source, since }) => ({
    source,
    text,
    ...(since === null ? {} : { at: since }),
  }));
  if (blocker === null || !evidence.some(({ witness }) => witness === 'task')) return written;
  const process = processes?.list.find(({ pid }) => pid === blocker.pid);
  const files = `/proc/${blocker.pid}`;
  return [
    ...written,
    ...(blocker.wchan === null ? [] : [{ source: `${files}/wchan`, text: blocker.wchan }]),
    ...(process?.stack == null ? [] : [{ source: `${files}/stack`, text: process.stack.slice(0, 6).join(' < ') }]),
  ];
}

/** What it could be and is not, as far as that is known. */
export function ruledOutOf(
  { blocker, from, shim }: ContainerModel,
  { daemons, containers }: Parts<'daemons' | 'containers'>,
): Finding['ruledOut'] {
  const pinged = daemons?.some(({ isEngine, ping }) => isEngine && ping.status === 'ok') ?? false;
  const listed = from === 'engine' && containers?.listAgeMs != null && containers.listAgeMs < 30_000;
  return [
    ...(pinged && listed
      ? [{ id: 'silent-daemon', because: 'the engine answers pings and lists its containers' }]
      : []),
    ...(blocker?.state === 'Z'
      ? [
          {
            id: 'unreaped-zombie',
            because: 'a thread of the dead process is still in D: its parent cannot reap it yet',
          },
        ]
      : []),
    ...(blocker !== null && shim !== null && shim.state === 'S'
      ? [{ id: 'stopped-shim', because: `its shim (pid ${shim.pid}) sleeps as usual` }]
      : []),
  ];
}
