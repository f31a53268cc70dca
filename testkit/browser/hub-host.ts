/** A process in which one test's hub after the other runs, see `hub-host-process.ts`. */

import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ReservedPort, reservePort } from '../ports.ts';

export type ToHost =
  | { readonly kind: 'start'; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'stop' };
export type FromHost =
  | { readonly kind: 'started'; readonly url: string; readonly tcpPort: number | undefined }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** A line that the hub logged. */
  | { readonly kind: 'complaint'; readonly line: string };

const program = fileURLToPath(new URL('hub-host-process.ts', import.meta.url));

export class HubHost {
  #process: ChildProcess | undefined;
  #onComplaint: (text: string) => void = () => {};
  /** Those of its first hub: machines that are there know the hub by its address. */
  #ports: readonly [http: ReservedPort, tcp: ReservedPort] | undefined;

  /** It begins when the first hub is wanted. */
  #begun(): ChildProcess {
    if (this.#process) return this.#process;
    const child = fork(program, {
      env: {
        PATH: process.env['PATH'],
        // Not the hubs' own: `main.ts` changes flags of V8, which then takes no code that was compiled without them.
        NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache-hosted'),
      },
      execArgv: ['--max-semi-space-size=8'],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (chunk: Buffer) => this.#onComplaint(String(chunk)));
    child.on('message', (message: FromHost) => {
      if (message.kind === 'complaint') this.#onComplaint(message.line);
    });
    this.#process = child;
    return child;
  }

  /** Starts a hub; the one before has to be stopped. @returns its ports */
  async start(
    env: Readonly<Record<string, string>>,
    onComplaint: (text: string) => void,
  ): Promise<[http: number, tcp: number]> {
    this.#onComplaint = onComplaint;
    this.#ports ??= [await reservePort(), await reservePort()];
    const [{ port: http }, { port: tcp }] = this.#ports;
    const ports = { PORT: String(http), CAPS_TCP_PORT: String(tcp) };
    await this.#ask({ kind: 'start', env: { ...ports, ...env } }, 'started');
    return [http, tcp];
  }

  async stop(): Promise<void> {
    await this.#ask({ kind: 'stop' }, 'stopped');
  }

  close(): void {
    this.#process?.kill('SIGKILL');
    for (const port of this.#ports ?? []) port.release();
  }

  #ask<K extends FromHost['kind']>(message: ToHost, kind: K): Promise<Extract<FromHost, { kind: K }>> {
    const child = this.#begun();
    return new Promise((resolve, reject) => {
      const hear = (answer: FromHost) => {
        if (answer.kind === 'complaint') return;
        done();
        if (answer.kind === kind) resolve(answer as Extract<FromHost, { kind: K }>);
        else
          reject(
            new Error(answer.kind === 'failed' ? answer.reason : `the hub's process says ${answer.kind}`),
          );
      };
      const gone = () => {
        done();
        reject(new Error('the process of the hubs has ended'));
      };
      const done = () => {
        child.off('message', hear);
        child.off('exit', gone);
      };
      child.on('message', hear);
      child.on('exit', gone);
      child.send(message);
    });
  }
}
