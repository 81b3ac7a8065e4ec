import type { DiskStatus } from '../../sample/cri.ts';
import { parseJson } from '../json.ts';

/**
 * Reads the status that containerd's CRI keeps of a container in `<root>/io.containerd.grpc.v1.cri/containers/<id>/status`
 * (pkg/cri/store/container/status.go, internal/cri/… from 2.0 on): times in nanoseconds since 1970, 0 for never.
 *
 * @returns null for another form
 * @throws when the text is not JSON
 */
export function parseDiskStatus(containerId: string, text: string): DiskStatus | null {
  const value = parseJson(text, 'the status of a container');
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  const momentOf = (name: string): number | null => {
    const nanoseconds = fields[name];
    // What a date can hold (ECMA-262, Time Values and Time Range).
    const ms = typeof nanoseconds === 'number' ? Math.round(nanoseconds / 1e6) : 0;
    return ms > 0 && ms <= 8.64e15 ? ms : null;
  };
  const createdAt = momentOf('CreatedAt');
  if (createdAt === null) return null;
  const startedAt = momentOf('StartedAt');
  const finishedAt = momentOf('FinishedAt');
  const exitCode = fields['ExitCode'];
  return {
    containerId,
    createdAt,
    startedAt,
    finishedAt,
    exitCode: finishedAt !== null && typeof exitCode === 'number' ? exitCode : null,
  };
}
