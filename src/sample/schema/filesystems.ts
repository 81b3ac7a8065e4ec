import type { ContainerLog, FilesystemsValue, FilesystemValue } from '../filesystems.ts';
import { list, longList, nullable, number, object, optional, text } from './shape.ts';

const filesystem = object<FilesystemValue>({
  path: text,
  source: text,
  type: text,
  device: text,
  holds: list(text),
  totalBytes: number,
  freeBytes: number,
  availableBytes: number,
  inodes: nullable(object<NonNullable<FilesystemValue['inodes']>>({ total: number, free: number })),
});

export const filesystemsValue = object<FilesystemsValue>({
  filesystems: list(filesystem),
  skipped: list(object<FilesystemsValue['skipped'][number]>({ path: text, type: text, because: text })),
  containerLogs: optional(
    longList(object<ContainerLog>({ id: text, bytes: nullable(number), because: optional(text) })),
  ),
});
