import path from 'node:path';
import type { ScreenProps } from '../../view/terminal/layout/arrangement.ts';
import { pageText } from '../../view/terminal/pages/page-text.ts';
import type { OpenPage } from '../../view/terminal/state/page.ts';
import { fileTime, type PrintTarget } from './print-screen.ts';
import { writeFile } from './write-file.ts';

/**
 * Writes all of a page to a new file as text.
 *
 * @returns the path of the file; rejects with the reason
 */
export async function savePage(screen: ScreenProps, page: OpenPage, { folder, command }: PrintTarget): Promise<string> {
  // By the moment of the key: while the screen is paused, several pages are of one moment of the node.
  const file = path.join(folder, `rtwatch-${page.kind}-${fileTime(Date.now())}.txt`);
  await writeFile(command, file, pageText(screen, page));
  return file;
}
