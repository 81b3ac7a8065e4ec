import { type ReactNode, useCallback, useReducer, useRef } from 'react';
import type { Sample } from '../sample/sample.ts';
import { Past } from '../timeline/held-past.ts';
import type { NodeFollower } from '../timeline/node-follower.ts';
import { PastRing } from '../timeline/past-ring.ts';
import { formatBytes, formatCount } from '../view/format.ts';
import type { Command } from '../view/terminal/keys.ts';
import type { Look } from '../view/terminal/theme.ts';
import type { OpenLink } from '../wire/link.ts';
import type { RecorderState } from '../wire/recording/recorder.ts';
import type { Actions, BundleProgress } from './actions.ts';
import { faster, slower } from './intervals.ts';
import type { KeyRecorder } from './key-recorder.ts';
import { Shell } from './shell.tsx';
import { useConnection } from './use-connection.ts';
import { useNode } from './use-node.ts';
import { useView } from './use-view.ts';

export interface AppProps {
  readonly open: OpenLink;
  /** Null when the node is not this machine: nothing can be done there. */
  readonly actions: Actions | null;
  /** Null where recordings have no place to go. */
  readonly recorder?: KeyRecorder | null;
  readonly intervalMs: number;
  readonly look: Look;
  /** Sends the terminal a sequence that draws nothing. */
  readonly write: (sequence: string) => void;
}

/** A recording begins that long before the key that starts it, milliseconds. */
const recordedBeforeMs = 60_000;

/** The live screen: the newest of the node, or where one looks in the hour before. */
export function App({ open, actions, recorder = null, intervalMs, look, write }: AppProps): ReactNode {
  const view = useView(intervalMs);
  const { latest, dispatch, say } = view;
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const ring = useRef<PastRing>(null);
  ring.current ??= new PastRing();
  const kept = ring.current;
  const onSample = useCallback(
    (sample: Sample, before: NodeFollower): void => {
      kept.take(sample, before);
      recorder?.write(sample);
    },
    [kept, recorder],
  );
  const { node, link } = useNode(open, onSample);
  const newest = useRef(node);
  newest.current = node;
  const past = useRef<Past | null>(null);
  const timeline = past.current?.timeline ?? null;
  const shown = past.current?.shown ?? node;
  const connection = useConnection(node, {
    paused: past.current !== null,
    pastMs: timeline === null ? 0 : Math.max(0, node.model.at - timeline.cursor),
    recordedBytes: recorder?.isOn ? (recorder.state?.bytes ?? 0) : null,
  });

  const hold = (): Past | null => {
    if (newest.current.model.at === 0) {
      say('nothing has come in yet: there is nothing to hold still');
      return null;
    }
    past.current ??= new Past({
      ring: kept,
      held: newest.current,
      marks: () => newest.current.marks,
      onChange: redraw,
      say,
    });
    dispatch({ type: 'paused', paused: true });
    return past.current;
  };

  const goOn = (): void => {
    past.current?.close();
    past.current = null;
    dispatch({ type: 'paused', paused: false });
  };

  const changeInterval = (next: number): void => {
    if (link?.setInterval == null) {
      say('the interval is set where the samples come from', 'warning');
    } else if (next !== latest().intervalMs) {
      dispatch({ type: 'interval', intervalMs: next });
      link.setInterval(next);
    }
  };

  const record = (): void => {
    if (recorder === null) say('recordings have no place to go here', 'warning');
    else if (recorder.isOn) void recorder.stop();
    else {
      const host = newest.current.model.host?.hostname ?? 'node';
      const onState = (state: RecorderState): void => {
        sayRecorded(state, say);
        redraw();
      };
      recorder.start(host, kept.last(recordedBeforeMs), onState);
      say(`recording to ${recorder.state?.file ?? ''}; r ends it`, 'good');
    }
  };

  const bundle = (): void => {
    if (actions === null) {
      say(elsewhere, 'warning');
      return;
    }
    say('writing a bundle …');
    const onProgress = ({ step, entries, bytes }: BundleProgress): void =>
      say(`writing a bundle: ${step}; ${formatCount(entries)} files so far, ${formatBytes(bytes)} …`);
    actions.bundle(onProgress).then(
      ({ path, bytes, missing, moreMissing }) => {
        const left = missing.length + moreMissing;
        const without = left === 0 ? '' : `, without ${formatCount(left)} parts (MANIFEST.txt says why)`;
        say(`bundle of ${formatBytes(bytes)}${without}: ${path}`, left === 0 ? 'good' : 'warning');
      },
      (error: Error) => say(`no bundle: ${error.message}`, 'warning'),
    );
  };

  const obeySource = (command: Command): boolean => {
    switch (command) {
      case 'pause':
        if (past.current === null) hold();
        else goOn();
        return true;
      case 'step-back':
      case 'step-on':
      case 'leap-back':
      case 'leap-on':
      case 'minute-back':
      case 'minute-on':
      case 'previous-mark':
      case 'next-mark':
        hold()?.obey(command);
        return true;
      case 'play-slower':
      case 'play-faster':
        say('only a recording is played: rtwatch replay FILE', 'warning');
        return true;
      case 'slower':
        changeInterval(slower(latest().intervalMs));
        return true;
      case 'faster':
        changeInterval(faster(latest().intervalMs));
        return true;
      case 'record':
        record();
        return true;
      case 'bundle':
        bundle();
        return true;
      default:
        return false;
    }
  };

  return (
    <Shell
      view={view}
      shown={shown}
      connection={connection}
      timeline={timeline}
      actions={actions}
      noActions={elsewhere}
      look={look}
      write={write}
      obeySource={obeySource}
      seekTime={(text) => hold()?.seek(text)}
    />
  );
}

const elsewhere = 'only on the node itself can that be done: run rtwatch there';

function sayRecorded(
  { status, file, bytes, samples, detail }: RecorderState,
  say: ReturnType<typeof useView>['say'],
): void {
  if (status === 'failed') say(`the recording is over: ${detail ?? file}`, 'warning');
  else if (status === 'ended' && samples === 0) say('nothing was recorded');
  else if (status === 'ended') say(`recorded ${formatBytes(bytes)}; rtwatch replay plays it: ${file}`, 'good');
  else if (detail !== null) say(detail, 'warning');
}
