/** What every step of a release is given. */
export interface Release {
  readonly version: string;
  /** The time of all files, in seconds since 1970: SOURCE_DATE_EPOCH, else that of the newest commit. */
  readonly seconds: number;
  /** Where the release goes. */
  readonly out: string;
  /** A folder for what is made on the way. */
  readonly work: string;
  /** How hard to pack, 0 to 9. */
  readonly preset: number;
}
