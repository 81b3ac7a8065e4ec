import path from 'node:path';

/** What failed in one run. */
export interface Failures {
  readonly tests: number;
  readonly failed: readonly Failure[];
}

interface Failure {
  /** The file from the root of the project, and the title. */
  readonly test: string;
  /** The first line of the error. */
  readonly because: string;
}

/** The part of vitest's JSON report that is read. */
interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/**
 * What failed, by vitest's JSON report. A file that could not be loaded, or whose hooks failed, counts as one test.
 *
 * @throws SyntaxError when the report is no JSON
 */
export function failuresIn(report: string): Failures {
  const { numTotalTests, testResults } = JSON.parse(report) as Report;
  const failed = testResults.flatMap(({ name, status, message, assertionResults }): Failure[] => {
    const file = path.relative(process.cwd(), name);
    const own = assertionResults.filter((one) => one.status === 'failed');
    if (own.length === 0 && status === 'failed') return [{ test: file, because: firstLine(message) }];
    return own.map(({ fullName, failureMessages }) => ({
      test: `${file}: ${fullName}`,
      because: firstLine(failureMessages?.[0]),
    }));
  });
  return { tests: numTotalTests, failed };
}

function firstLine(text: string | undefined): string {
  return text?.split('\n')[0] ?? 'no reason given';
}

/** A line for each test that failed, the most frequent first, with how often and the reason of the last time. */
export function tableOf(runs: readonly Failures[]): string {
  const byTest = Map.groupBy(
    runs.flatMap(({ failed }) => failed),
    ({ test }) => test,
  );
  if (byTest.size === 0) return `no test failed in ${runs.length} runs\n`;
  const rows = [...byTest].sort(([, a], [, b]) => b.length - a.length);
  return rows
    .map(([test, failures]) => `${failures.length}/${runs.length}  ${test}\n      ${failures.at(-1)?.because}\n`)
    .join('');
}
