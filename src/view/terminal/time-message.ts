import { formatBytes } from '../../base/bytes.ts';
import { formatSeconds } from '../../base/durations.ts';
import { formatClock } from '../../base/moments.ts';
import { momentForms } from '../../base/parse-moment.ts';
import type { Zone } from '../../base/zone.ts';
import type { TimeNotice } from '../../timeline/time-notice.ts';
import type { Message } from './state.ts';
import { formatSpeed } from './timeline.ts';

/** Why nothing can be done on the node while a recording is shown. */
export const isRecording = 'this is a recording: there is no node to ask or to write anything of';

/** What the source of the Samples has to say, in words; null for nothing. */
export function timeMessage(notice: TimeNotice, zone: Zone): Message | null {
  switch (notice.kind) {
    case 'nothing-yet':
      return plain('nothing has come in yet: there is nothing to hold still');
    case 'not-a-moment':
      return warning(`"${notice.text}" is not a time such as ${momentForms}`);
    case 'no-marker':
      if (notice.direction === 'previous') return plain('none came or went before this');
      return plain(`no finding ${notice.of === 'past' ? 'came or went' : 'comes or goes'} after this`);
    case 'no-marker-yet':
      return plain(`no finding comes or goes up to ${formatClock(notice.readTo, zone)}; the rest is still being read`);
    case 'not-played':
      return warning('only a recording is played: rtwatch replay FILE');
    case 'speed':
      return plain(`plays at ${formatSpeed(notice.speed)}`);
    case 'gap-skipped':
      return plain(`nothing was recorded for ${formatSeconds(notice.seconds)}: passed over`);
    case 'unreadable':
      return warning(notice.because);
    case 'interval-elsewhere':
      return warning('the interval is set where the samples come from');
    case 'interval-recorded':
      return warning('this is a recording: < and > change how fast it is played');
    case 'no-recorder':
      return warning('recordings have no place to go here');
    case 'recording-started':
      return good(`recording to ${notice.file}; r ends it`);
    case 'recording':
      return recorderMessage(notice.state);
    case 'is-recording':
      return warning(isRecording);
  }
}

type Recording = Extract<TimeNotice, { kind: 'recording' }>['state'];

function recorderMessage({ status, file, bytes, samples, detail }: Recording): Message | null {
  if (status === 'failed') return warning(`the recording is over: ${detail ?? file}`);
  if (status === 'ended' && samples === 0) return plain('nothing was recorded');
  if (status === 'ended') return good(`recorded ${formatBytes(bytes)}; rtwatch replay plays it: ${file}`);
  return detail === null ? null : warning(detail);
}

const plain = (text: string): Message => ({ text, tone: 'plain' });
const good = (text: string): Message => ({ text, tone: 'good' });
const warning = (text: string): Message => ({ text, tone: 'warning' });
