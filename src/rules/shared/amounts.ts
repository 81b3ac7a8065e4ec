const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const rateUnits = ['B/s', 'kB/s', 'MB/s', 'GB/s'];

/** `96 MiB`, `8.2 GiB`: memory, in powers of 1024. */
export function bytesWords(bytes: number): string {
  return words(bytes, 1024, units);
}

/** `41 MB/s`: what a device moves, in powers of ten as disks are measured. */
export function rateWords(bytesPerSec: number): string {
  return words(bytesPerSec, 1000, rateUnits);
}

/** `41.8 %`, `0.4 %`, `98 %` */
export function percentWords(percent: number): string {
  return `${percent >= 99.95 ? 100 : Math.round(percent * 10) / 10} %`;
}

/** `1,520` */
export function countWords(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function words(amount: number, base: number, names: readonly string[]): string {
  let value = Math.max(0, amount);
  let unit = 0;
  while (value >= base && unit < names.length - 1) {
    value /= base;
    unit++;
  }
  const digits = unit > 0 && (value < 10 || unit >= 3) ? 1 : 0;
  return `${Number(value.toFixed(digits))} ${names[unit]}`;
}
