import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('..', import.meta.url));

export interface CodeBlock {
  readonly name: string;
  readonly text: string;
}

/**
 * A document's runnable code blocks, by name: a block that opens with `sh client=curl` has the mark `client` and the
 * name `curl`.
 * @param path of the document, from the top of the repository
 */
export async function codeBlocks(path: string, mark: string): Promise<CodeBlock[]> {
  const document = await readFile(join(top, path), 'utf8');
  const blocks = document.matchAll(new RegExp(`^\`\`\`\\w+ ${mark}=(\\w+)\\n(.*?)^\`\`\`$`, 'gms'));
  return Array.from(blocks, ([, name = '', text = '']) => ({ name, text }));
}

/** Replaces the documents' default ports with the test hub's. */
export function atHub(text: string, hub: { readonly url: string; readonly tcpPort: number }): string {
  return text.replaceAll(/\b3000\b/g, new URL(hub.url).port).replaceAll(/\b4000\b/g, String(hub.tcpPort));
}

/** @param from Debian's package of the program */
export function expectInstalled({ needs, from }: { readonly needs: string; readonly from: string }): void {
  try {
    execFileSync('sh', ['-c', `command -v ${needs}`]);
  } catch (cause) {
    throw new Error(`${needs} is missing. Install it: apt-get install ${from}`, { cause });
  }
}
