import type { Gate } from '../../src/collect/engine/gate.ts';

/** For a stand-in of an engine: to connect to it starts nothing. */
export const openGate: Gate = () => null;
