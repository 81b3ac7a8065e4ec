import { useEffect, useRef } from 'react';
import type { TimeSnapshot } from '../../timeline/time-source.ts';
import { type NoticeForm, Notices, noticeSequence } from '../notices.ts';

/**
 * Calls for attention when a critical finding appears.
 *
 * @param notify how; null for not at all
 */
export function useNotices(
  { model, verdicts, timeline, feed }: TimeSnapshot,
  notify: NoticeForm | null,
  write: (sequence: string) => void,
): void {
  const notices = useRef(new Notices()).current;
  // The past has no news.
  const isNews = notify !== null && feed.kind === 'live' && timeline === null;
  useEffect(() => {
    const text = isNews ? notices.take(verdicts, model.host?.hostname ?? null) : null;
    if (text !== null && notify !== null) write(noticeSequence(notify, text));
  }, [isNews, notices, verdicts, model, notify, write]);
}
