/** A known shape of a stack and what it means. The table of them is data: one entry names one situation. */
export interface Pattern {
  /** A noun in kebab-case. */
  readonly id: string;
  readonly title: string;
  /** What it means, and when it is a sign of trouble. */
  readonly meaning: string;
  /** The versions with these frames, or with this behaviour. */
  readonly versions: string;
  readonly references: readonly string[];
  /** Seen on a healthy node too: not a sign by itself. */
  readonly harmless: boolean;
  /** Harmless only while none has waited for so many minutes: the call is normally brief. */
  readonly briefMinutes?: number;
  /** The kind of the distinct subjects: `container`, `shim`, `database`; null if unknown. */
  readonly noun: string | null;
  /** It is not this one when it is already one of these, which stand earlier in the table. */
  readonly unless?: readonly string[];
  /** Any of these. */
  readonly signatures: readonly Signature[];
}

export interface Signature {
  /**
   * From the leaf on, each step being the caller of the one before. The first must be the leaf itself (after frames of
   * the package `runtime`), unless it is a gap.
   */
  readonly steps: readonly Step[];
  /** Any of these; a form without states fits too. */
  readonly states?: readonly string[];
  /** A form without states does not fit: the state is all that there is. */
  readonly onlyWithState?: true;
  /** A form without it fits too. */
  readonly createdBy?: string;
  /** Where the subject's address is, the best place first. All must mean the same kind of object. */
  readonly subject?: readonly { readonly func: FunctionNames; readonly word: number }[];
}

/** One name or several, as `isFunction` reads them: from the end of the import path on. */
export type FunctionNames = string | readonly string[];

/** A function, or one of the two steps below. */
export type Step = FunctionNames;

/** Any number of frames, none included. */
export const gap = '…';

/**
 * Only as the first step: the frames of package `sync` that wait for a Mutex or RWMutex. They differ between Go versions
 * (`internal/sync` since 1.24); what follows is the function that wants the lock.
 */
export const lock = '(lock)';

/**
 * The address of the lock waited for: the same for all that wait for one lock. From Go 1.17 on there is none for the
 * readers of an RWMutex, whose methods are inlined.
 */
export const lockSubject = [
  { func: ['sync.(*Mutex).lockSlow', 'sync.(*Mutex).Lock', 'sync.(*RWMutex).RLock'], word: 0 },
];
