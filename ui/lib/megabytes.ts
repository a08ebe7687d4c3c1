/** Bytes in megabytes, to a tenth below ten. */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
