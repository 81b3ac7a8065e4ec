import { render } from 'ink-testing-library';
import { vi } from 'vitest';
import { FleetApp, type NodeOpener } from '../../src/app/fleet/fleet-app.tsx';
import { splitInput } from '../../src/app/terminal/split-input.ts';
import type { TerminalEvent } from '../../src/app/terminal/terminal-input.ts';
import { zoneOf } from '../../src/base/zone.ts';
import { FleetSource } from '../../src/fleet/fleet-source.ts';
import { fleetQueries, questionNames } from '../../src/fleet/queries.ts';
import { answersOf, largeFleet, type MadeFleet, noon, trendAnswer } from './fleets.ts';
import { plainText, plainTheme } from './render.tsx';
import { waitFor } from './wait-for.ts';

let unmount = (): void => {};
/** Takes down the fleet that was opened last. */
export const closeFleet = (): void => unmount();

/** The screen of a made fleet; the clock is the test's. */
export function openFleet(
  made: MadeFleet = largeFleet,
  open: NodeOpener['open'] = () => Promise.resolve(null),
  failing: string | null = null,
) {
  const trouble = { now: failing };
  const opened: string[] = [];
  const written: string[] = [];
  const listeners = new Set<(event: TerminalEvent) => void>();
  const queries = fleetQueries([]);
  const answers = answersOf(made);
  let rounds = 0;
  const query = (text: string) => {
    if (trouble.now !== null) return Promise.reject(new Error(trouble.now));
    const name = questionNames.find((one) => one !== 'trends' && queries[one] === text);
    if (name === 'findings') rounds++;
    return Promise.resolve({ series: name === undefined || name === 'trends' ? [] : answers[name], warning: null });
  };
  const source = new FleetSource({
    prometheus: { query, queryRange: () => Promise.resolve({ series: trendAnswer(made.sick), warning: null }) },
    selector: [],
    intervalMs: 15_000,
    now: () => noon,
  });
  vi.spyOn(source, 'close');
  const app = render(
    <FleetApp
      source={source}
      theme={{ ...plainTheme, otherZone: zoneOf(() => 540) }}
      address="prometheus:9090"
      opener={{
        commandFor: ({ instance }) => `ssh ${instance}`,
        open: (node) => {
          opened.push(node.instance);
          return open(node);
        },
      }}
      write={(sequence) => written.push(sequence)}
      onTerminalEvent={(listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      }}
    />,
  );
  unmount = app.unmount;
  const frame = (): string => plainText(app.lastFrame() ?? '');
  const shows = (text: string | RegExp): Promise<string> =>
    waitFor(
      `a frame with ${text}`,
      () => (typeof text === 'string' ? frame().includes(text) : text.test(frame())) && frame(),
      { detail: frame },
    );
  return {
    source,
    shows,
    frame,
    opened,
    written,
    trouble,
    rounds: () => rounds,
    closed: () => vi.mocked(source.close).mock.calls.length > 0,
    press: (keys: string): void => {
      const { pieces, pending } = splitInput(keys);
      for (const piece of pieces) {
        if (piece.kind === 'text') app.stdin.write(piece.text);
        else for (const listener of listeners) listener(piece);
      }
      if (pending !== '') app.stdin.write(pending);
    },
  };
}
