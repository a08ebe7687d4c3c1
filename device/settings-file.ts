/**
 * The file of settings: JSON with comments and trailing commas, read so that every fault in it is found at once, and each value is
 * known by its line. docs/decisions/ has a record of why it is this format.
 */
import { readFileSync } from 'node:fs';
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { LookdialError } from './errors.ts';

/** A value, and where it stands. */
export interface Written {
  /** `FILE:LINE:COLUMN`, or the name of a variable. */
  readonly where: string;
  /** Undefined for a list and for an object. */
  readonly value: string | number | boolean | null | undefined;
  /** Of a list. */
  readonly entries?: readonly Written[];
}

/** Something that is wrong with the settings. */
export interface Fault {
  /** As in `Written`. */
  readonly where: string;
  /** The setting, where it is one's. */
  readonly name: string | undefined;
  /** What is wrong there: a sentence without its full stop. */
  readonly text: string;
}

export interface FileEntry extends Written {
  /** Where its name stands, as `where`. */
  readonly nameAt: string;
}

export interface SettingsFile {
  /** By name, as they are written; where a name is there twice, the first. */
  readonly entries: ReadonlyMap<string, FileEntry>;
  /** In the order of the file. */
  readonly faults: readonly Fault[];
}

/** None of them repeats what is written: a password may have come there by mistake. */
const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is neither a number nor in double quotes',
  InvalidNumberFormat: 'this is not a number',
  PropertyNameExpected: 'here the name of a setting must come, in double quotes',
  ValueExpected: 'here a value must come: a number, a text in double quotes, or a list',
  ColonExpected: 'here a colon must come, between the name and its value',
  CommaExpected: 'a comma is missing before this',
  CloseBraceExpected: 'the closing } is missing',
  CloseBracketExpected: 'the closing ] of the list is missing',
  EndOfFileExpected: 'here the file must end: one pair of { } holds all settings',
  UnexpectedEndOfComment: 'a comment that begins with /* has no end',
  UnexpectedEndOfString: 'the closing double quote is missing on this line',
  UnexpectedEndOfNumber: 'this number is cut short',
  InvalidUnicode: 'this text has a \\u that is not followed by four hexadecimal digits',
  InvalidEscapeCharacter: 'this text has a backslash before a letter that takes none; write \\\\ for one',
  InvalidCharacter: 'this text has a tab or another control character in it',
};

const NO_OBJECT = 'the file must hold one pair of { }, with the settings in it';

type PlaceOf = (offset: number) => { readonly line: number; readonly where: string };

/** Says of a place in the text where it is. */
function placesOf(path: string, text: string): PlaceOf {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return offset => {
    const line = starts.findLastIndex(start => start <= offset) + 1;
    return { line, where: `${path}:${line}:${offset - (starts[line - 1] ?? 0) + 1}` };
  };
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const message = `The settings file ${path} cannot be read: ${(cause as Error).message}.`;
    throw new LookdialError('config-invalid', message, { cause });
  }
  try {
    // It takes the mark that some editors put first away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `The settings file ${path} is not UTF-8: save it as such.`;
    throw new LookdialError('config-invalid', message, { cause });
  }
}

function written(node: Node, placeOf: PlaceOf): Written {
  const { where } = placeOf(node.offset);
  const { type, children = [] } = node;
  if (type === 'array') return { where, value: undefined, entries: children.map(child => written(child, placeOf)) };
  return { where, value: type === 'object' ? undefined : node.value };
}

/**
 * Reads a file of settings; which names there are, and what each value must be, is another's business.
 * @throws LookdialError `config-invalid` where it cannot be read or is no text
 */
export function readSettingsFile(path: string): SettingsFile {
  const text = readText(path);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const placeOf = placesOf(path, text);
  const faults: (Fault & { offset: number })[] = [];
  const add = (offset: number, what: string, name?: string): void => {
    faults.push({ offset, where: placeOf(offset).where, name, text: what });
  };
  const faulty = new Set<number>();
  for (const { error, offset } of errors) {
    const { line } = placeOf(offset);
    // What follows a fault on its line follows from it.
    if (!faulty.has(line)) add(offset, SYNTAX[printParseErrorCode(error)] ?? 'this is not JSON');
    faulty.add(line);
  }
  const isObject = root?.type === 'object';
  if (!isObject && (root !== undefined || errors.length === 0)) add(root?.offset ?? 0, NO_OBJECT);
  const entries = new Map<string, FileEntry>();
  const lines = new Map<string, number>();
  for (const { children: [key, value] = [] } of isObject ? (root.children ?? []) : []) {
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    const { line, where } = placeOf(key.offset);
    const before = lines.get(name);
    if (before === undefined) entries.set(name, { ...written(value, placeOf), nameAt: where });
    else add(key.offset, `${name} is here again, and is on line ${before} already: take one of them away`, name);
    lines.set(name, before ?? line);
  }
  faults.sort((a, b) => a.offset - b.offset);
  return { entries, faults: faults.map(({ where, name, text: what }) => ({ where, name, text: what })) };
}
