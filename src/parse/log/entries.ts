/** Makes lines of what has its entries over several lines, or many in one. What it does not know stays as it is. */
export interface Entries {
  /** @param text the next piece, cut anywhere */
  readonly take: (text: string) => string;
  readonly end: () => string;
}
