/** A program of Debian's that a test needs: found, or installed where that is possible, or asked for in one sentence. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './install-packages.ts';

const PLACES = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

const found = (name: string): string | undefined => PLACES.map(place => join(place, name)).find(existsSync);

/**
 * The path of a program.
 * @param packageName Debian's package that brings it
 * @throws Error saying what to install
 */
export function debianTool(name: string, packageName: string): string {
  if (found(name) === undefined) installPackages(packageName);
  const path = found(name);
  if (path !== undefined) return path;
  throw new Error(`This test needs ${name}, and there is none. Install it (Debian: apt-get install ${packageName}).`);
}

/** Runs a program to its end. @returns its status, and all that it said */
export function runTool(path: string, ...words: readonly string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(path, words, { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}
