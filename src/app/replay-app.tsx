import { type ReactNode, useEffect, useReducer, useRef } from 'react';
import { Replay, type ReplayOptions } from '../timeline/recorded-source.ts';
import type { SampleStore } from '../timeline/sample-store.ts';
import type { Command } from '../view/terminal/keys.ts';
import type { Look } from '../view/terminal/theme.ts';
import { Shell } from './shell.tsx';
import { useView } from './use-view.ts';

export interface ReplayProps extends Omit<ReplayOptions, 'onChange' | 'say'> {
  readonly store: SampleStore;
  /** What of it cannot be read; null when nothing is known of that. */
  readonly damage: () => string | null;
  readonly look: Look;
  /** Sends the terminal a sequence that draws nothing. */
  readonly write: (sequence: string) => void;
}

/** The same screen as the live one, over a recording. */
export function ReplayApp({ damage, look, write, ...options }: ReplayProps): ReactNode {
  const view = useView(0);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const replay = useRef<Replay>(null);
  replay.current ??= new Replay({ ...options, onChange: redraw, say: view.say });
  const player = replay.current;
  useEffect(() => {
    player.start();
    return () => player.close();
  }, [player]);
  const { timeline, ...shown } = player.shown;

  const obeySource = (command: Command): boolean => {
    switch (command) {
      case 'pause':
        player.toggle();
        return true;
      case 'step-back':
      case 'step-on':
      case 'leap-back':
      case 'leap-on':
      case 'minute-back':
      case 'minute-on':
      case 'previous-mark':
      case 'next-mark':
      case 'play-slower':
      case 'play-faster':
        player.obey(command);
        return true;
      case 'slower':
      case 'faster':
        view.say('this is a recording: < and > change how fast it is played', 'warning');
        return true;
      case 'record':
      case 'bundle':
        view.say(isRecording, 'warning');
        return true;
      default:
        return false;
    }
  };

  return (
    <Shell
      view={view}
      shown={shown}
      connection={{ status: 'live', ageSeconds: 0, trouble: damage(), selfCost: null }}
      timeline={timeline}
      actions={null}
      noActions={isRecording}
      look={look}
      write={write}
      obeySource={obeySource}
      seekTime={(text) => player.seek(text)}
    />
  );
}

const isRecording = 'this is a recording: there is no node to ask or to write anything of';
