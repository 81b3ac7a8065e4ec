/** What was allocated: in use now, and since the program started. */
export interface HeapAmounts {
  readonly inuseBytes: number;
  readonly inuseObjects: number;
  readonly allocBytes: number;
  readonly allocObjects: number;
}

export const noAmounts: HeapAmounts = { inuseBytes: 0, inuseObjects: 0, allocBytes: 0, allocObjects: 0 };

export interface HeapFunction {
  readonly func: string;
  /** By the function itself. */
  readonly flat: HeapAmounts;
  /** By it and by what it called. */
  readonly cumulative: HeapAmounts;
}
