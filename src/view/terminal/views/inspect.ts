import type { ContainerModel } from '../../../model/containers.ts';
import type { Model } from '../../../model/model.ts';
import { clean } from '../../text.ts';
import type { Look } from '../look.ts';
import { containersPane } from '../panes/containers.ts';
import { detail } from '../panes/pane.ts';
import { type Line, span } from '../parts/line.tsx';
import type { Overlay } from '../state.ts';

type InspectOverlay = Extract<Overlay, { kind: 'inspect' }>;

/** A container as a person reads it, then all that the engine says. */
export function inspectLines(model: Model, { containerId, answer, revealed }: InspectOverlay, look: Look): Line[] {
  const container = model.containers?.list.find(({ id }) => id === containerId);
  const known = container === undefined ? [] : containersPane.details(container satisfies ContainerModel, look, model);
  switch (answer.status) {
    case 'pending':
      return [...known, [], [span('asking the engine …', 'dim')]];
    case 'failed':
      return [...known, [], [span(clean(answer.detail), 'warning')]];
    case 'ok':
      return [...known, ...summaryLines(answer.json), [], ...jsonLines(answer.json, revealed)];
  }
}

interface Inspected {
  readonly State?: Readonly<Record<string, unknown>>;
  readonly RestartCount?: unknown;
  readonly HostConfig?: Readonly<Record<string, unknown>>;
  readonly Mounts?: readonly Readonly<Record<string, unknown>>[];
}

/** Go's zero time: it never happened. */
const never = '0001-01-01T00:00:00Z';

function summaryLines(json: string): Line[] {
  const { State = {}, RestartCount, Mounts = [] } = JSON.parse(json) as Inspected;
  const told = (name: string): string | null => {
    const value = State[name];
    return value === undefined || value === null || value === '' || value === never ? null : clean(String(value));
  };
  const health = (State['Health'] as { Status?: unknown } | null | undefined)?.Status;
  const lines: [string, string | null][] = [
    ['inspect says', told('Status')],
    ['pid of init', told('Pid')],
    ['started', told('StartedAt')],
    ['finished', told('FinishedAt')],
    ['exit code', told('ExitCode')],
    ['OOM killed', State['OOMKilled'] === true ? 'yes' : 'no'],
    ['health', typeof health === 'string' ? clean(health) : null],
    ['restarts', RestartCount === undefined ? null : clean(String(RestartCount))],
    ['error', told('Error')],
    ...Mounts.map((mount): [string, string] => [
      'mount',
      clean(`${mount['Source']} → ${mount['Destination']}${mount['RW'] === false ? ' (read-only)' : ''}`),
    ]),
  ];
  return lines.flatMap(([label, text]) => (text === null ? [] : [detail(label, text)]));
}

/** The JSON, with the values of environment variables hidden until they are asked for: tokens and passwords live there. */
function jsonLines(json: string, revealed: boolean): Line[] {
  const shown = JSON.stringify(
    JSON.parse(json),
    (key, value: unknown) => (key === 'Env' && Array.isArray(value) && !revealed ? value.map(hideValue) : value),
    2,
  );
  return [
    [
      span(
        revealed ? 'e hides the values of environment variables' : 'e shows the values of environment variables',
        'dim',
      ),
    ],
    ...shown.split('\n').map((line): Line => [span(clean(line))]),
  ];
}

function hideValue(variable: unknown): string {
  return `${String(variable).split('=')[0]}=…`;
}
