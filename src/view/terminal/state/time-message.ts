import { formatBytes } from '../../../base/bytes.ts';
import { formatSeconds } from '../../../base/durations.ts';
import { formatClock } from '../../../base/moments.ts';
import { momentForms } from '../../../base/parse-moment.ts';
import type { Zone } from '../../../base/zone.ts';
import type { TimeNotice } from '../../../timeline/time-notice.ts';
import { formatSpeed } from '../timeline.ts';
import type { Message } from './state.ts';

/** Said for every action on the node while a recording is shown. */
export const isRecording = 'not available in a recording';

/** A notice of the time source in words; null for none. */
export function timeMessage(notice: TimeNotice, zone: Zone): Message | null {
  switch (notice.kind) {
    case 'nothing-yet':
      return plain('nothing to pause: no sample yet');
    case 'not-a-moment':
      return warning(`"${notice.text}" is not a time. Examples: ${momentForms}`);
    case 'no-marker':
      if (notice.direction === 'previous') return plain('no finding opened or resolved before this');
      return plain('no finding opened or resolved after this');
    case 'no-marker-yet':
      return plain(
        `no finding opened or resolved up to ${formatClock(notice.readTo, zone)}; the rest is still being read`,
      );
    case 'not-played':
      return warning('only a recording can be played: rtwatch replay FILE');
    case 'speed':
      return plain(`replay speed ${formatSpeed(notice.speed)}`);
    case 'gap-skipped':
      return plain(`skipped ${formatSeconds(notice.seconds)} without samples`);
    case 'unreadable':
      return warning(notice.because);
    case 'interval-elsewhere':
      return warning('the interval cannot be changed here: the samples come from elsewhere');
    case 'interval-recorded':
      return warning('not available in a recording; < and > change the playback speed');
    case 'no-recorder':
      return warning('cannot record: no directory to write to');
    case 'recording-started':
      return good(`recording to ${notice.file}; r stops it`);
    case 'recording':
      return recorderMessage(notice.state);
    case 'is-recording':
      return warning(isRecording);
  }
}

type Recording = Extract<TimeNotice, { kind: 'recording' }>['state'];

function recorderMessage({ status, file, bytes, samples, detail }: Recording): Message | null {
  if (status === 'failed') return warning(`recording stopped: ${detail ?? file}`);
  if (status === 'ended' && samples === 0) return plain('nothing was recorded');
  if (status === 'ended') return good(`recorded ${formatBytes(bytes)}. Play it: rtwatch replay ${file}`);
  return detail === null ? null : warning(detail);
}

const plain = (text: string): Message => ({ text, tone: 'plain' });
const good = (text: string): Message => ({ text, tone: 'good' });
const warning = (text: string): Message => ({ text, tone: 'warning' });
