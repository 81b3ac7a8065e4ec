/** Exit codes that scripts and monitoring rely on. */
export const exitCodes = {
  ok: 0,
  warning: 1,
  critical: 2,
  /** No verdict is possible. */
  unknown: 3,
  badUsage: 64,
  /** Input that cannot be read as what it should be; what could be read of it was. */
  badInput: 65,
  ownFault: 70,
  cannotWrite: 74,
} as const;

/** An error that is printed as one line and sets the exit code. */
export class ReportedError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.ownFault) {
    super(message);
    this.exitCode = exitCode;
  }
}
