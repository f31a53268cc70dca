/** File systems of a few megabytes, on which a test leaves no room and makes room again. */

import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Mounts a file system in memory until the stack is disposed of.
 * @param options of `mount`
 * @returns false without the right to mount: not root, or a container without that right
 */
export function mountInMemory(stack: AsyncDisposableStack, folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  stack.defer(() => void execFileSync('umount', ['-l', folder]));
  return true;
}

const blockBytes = 64 * 1024;

export class SmallDisk {
  readonly folder: string;
  readonly #ballast: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#ballast = join(folder, 'ballast');
  }

  /**
   * @param options further ones of `mount`
   * @returns undefined without the right to mount
   */
  static async mount(
    stack: AsyncDisposableStack,
    megabytes: number,
    options: string,
  ): Promise<SmallDisk | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'caps-disk-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    return mountInMemory(stack, folder, `size=${megabytes}m,${options}`) ? new SmallDisk(folder) : undefined;
  }

  /** Leaves no room at all. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (;;) writeSync(file, Buffer.alloc(blockBytes));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(this.#ballast);
  }
}
