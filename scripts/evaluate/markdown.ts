/** Markdown as the reports need it. */
import { readFile } from 'node:fs/promises';
import { LookdialError } from '../../device/errors.ts';
import { replaceDurably } from '../../device/inventory/durable.ts';

/** A table, its first column to the left, the others to the right; an empty line after it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, place) => (place === 0 ? '---' : '---:'))), ...rows.map(line), ''];
}

const BEGIN = '<!-- begin: evaluation -->';
const END = '<!-- end: evaluation -->';

/**
 * Puts lines into a page, in place of what stands between its two marks.
 * @throws LookdialError `config-invalid` where the page cannot be read or lacks the marks
 */
export async function putInto(path: string, lines: readonly string[]): Promise<void> {
  const page = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new LookdialError('config-invalid', `--into ${path} cannot be read: ${cause.message}.`, { cause });
  });
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) {
    throw new LookdialError('config-invalid', `--into ${path}: it has no lines “${BEGIN}” and, after it, “${END}”.`);
  }
  const inside = [BEGIN, '', ...lines].join('\n').trimEnd();
  await replaceDurably(path, Buffer.from(`${page.slice(0, from)}${inside}\n\n${page.slice(to)}`));
}
