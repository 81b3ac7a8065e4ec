import type { CriRuntime, CriValue } from '../../sample/cri.ts';

/** The runtimes that are polled over gRPC. Their pods and containers are in the model of the containers. */
export interface CriModel {
  readonly runtimes: readonly CriRuntime[];
}

/** The runtimes of the newest reading; null before the first. */
export function deriveCri(value: CriValue | null): CriModel | null {
  return value === null ? null : { runtimes: value.runtimes };
}
