/** A disk of its own with ext4, in a file, that fails as one does on a box: the kernel itself lets nothing be written any more. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { debianTool, runTool } from '../../support/debian-tool.ts';

const BYTES = 64 * 1024 * 1024;
const MOUNT = 'mount -o loop,errors=remount-ro "$0" "$1" && shift && exec "$@"';

export class FailingDisk {
  readonly #image: string;

  private constructor(image: string) {
    this.#image = image;
  }

  /**
   * @param image the file that it is in
   * @param from the folder that is on it at first
   * @throws Error with what mkfs says
   */
  static make(image: string, from: string): FailingDisk {
    writeFileSync(image, '');
    truncateSync(image, BYTES);
    const { status, said } = runTool(debianTool('mkfs.ext4', 'e2fsprogs'), '-q', '-d', from, image);
    if (status !== 0) throw new Error(`mkfs.ext4: ${said}`);
    return new FailingDisk(image);
  }

  /** The command that runs `command` with it mounted at `folder`, in the same process. @throws Error where one may not mount here */
  under(folder: string, command: readonly string[]): string[] {
    const { status, stderr } = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
    if (status !== 0 || !existsSync('/dev/loop-control')) {
      throw new Error(`A disk in a file is mounted as root, with loop devices: ${stderr.trim()}. Run this test so.`);
    }
    return ['unshare', '--mount', 'sh', '-c', MOUNT, this.#image, folder, ...command];
  }

  /** Has the kernel find an error on it, while it is mounted. */
  fail(): void {
    const name = readdirSync('/sys/block').find(one => {
      const file = join('/sys/block', one, 'loop/backing_file');
      return existsSync(file) && readFileSync(file, 'utf8').trim() === this.#image;
    });
    if (name === undefined) throw new Error(`${basename(this.#image)} is not mounted.`);
    writeFileSync(join('/sys/fs/ext4', name, 'trigger_fs_error'), '1');
  }

  /** Has it checked and mended, while it is not mounted. @throws Error where that cannot be done */
  mend(): void {
    const { status, said } = runTool(debianTool('e2fsck', 'e2fsprogs'), '-f', '-y', this.#image);
    // 1: errors were found, and mended.
    if (status !== 0 && status !== 1) throw new Error(`e2fsck ended with ${status}: ${said}`);
  }
}
