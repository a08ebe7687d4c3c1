/** Where a repository is: a web server, or a folder. Everything that is read from it is untrusted. */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LookdialError } from '../errors.ts';
import { FolderSource } from './folder-source.ts';
import { HttpSource, type HttpSourceOptions } from './http-source.ts';

export interface Asked {
  /** Bytes that are there already: the reading may begin after them. */
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A file that is being read. */
export interface Reading {
  /** Which byte of the file comes first: `from`, or 0 where the source cannot begin anywhere else. */
  readonly from: number;
  /** Length of the whole file as the source has it, bytes; undefined where it does not say. */
  readonly total: number | undefined;
  /** @throws UpdateRefused `source-unreachable` where the source goes away meanwhile */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Ends it, read to the end or not. */
  close(): void;
}

/** A repository's files. `test/support/update-repository.ts` has one that is in memory. */
export interface Source {
  /** Where it is, for messages. */
  readonly name: string;
  /**
   * Opens a file.
   * @param path relative to the repository, `/` between its parts, each part percent-encoded as in a URL
   * @throws UpdateRefused `source-incomplete` where there is no such file, `source-unreachable` where nothing answers, or
   * `source-misbehaves`; the signal's reason where it is aborted
   */
  open(path: string, asked?: Asked): Promise<Reading>;
  close(): void;
}

const wrong = (address: string, message: string, cause?: unknown): LookdialError =>
  new LookdialError('config-invalid', `The update repository ${address} ${message}`, { cause });

function fromUrl(address: string, options: Partial<HttpSourceOptions>): Source {
  let url: URL;
  try {
    url = new URL(address);
    if (url.protocol === 'file:') return new FolderSource(fileURLToPath(url));
  } catch (cause) {
    throw wrong(
      address,
      'is not an address. Give an https: or http: address, a file: address, or a folder’s whole path.',
      cause,
    );
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw wrong(
      address,
      'is of a kind that is not read. Give an https: or http: address, a file: address, or a folder’s whole path.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw wrong(`at ${url.host}`, 'has a password in its address. What is signed needs no secret: publish it without.');
  }
  if (url.search !== '' || url.hash !== '')
    throw wrong(address, 'has a ? or a # in its address. Give the folder’s address alone.');
  return new HttpSource(url, options);
}

/**
 * The source at an address.
 * @param address `https://…`, `http://…`, `file:///…`, or the whole path of a folder
 * @throws LookdialError `config-invalid`
 */
export function sourceAt(address: string, options: Partial<HttpSourceOptions> = {}): Source {
  return isAbsolute(address) ? new FolderSource(address) : fromUrl(address, options);
}
