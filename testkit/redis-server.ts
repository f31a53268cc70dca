/** A Redis server of a test's own: on a free port, without files, stopped by its process id. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createClient } from 'redis';
import { type ReservedPort, reservePort } from './ports.ts';

/** The part of a client that tests use. */
interface RedisClient {
  /** @returns how many listen */
  publish(channel: string, message: string): Promise<number>;
  flushAll(): Promise<unknown>;
}

export class RedisServer implements AsyncDisposable {
  readonly #reserved: ReservedPort;
  #process: ChildProcess | undefined;

  private constructor(reserved: ReservedPort) {
    this.#reserved = reserved;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await reservePort());
    await server.run();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#reserved.port}`;
  }

  /** Starts it, also again after it was stopped. */
  async run(): Promise<void> {
    const options = [
      '--port',
      String(this.#reserved.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', () => reject(new Error('Redis is missing: apt-get install redis-server')));
      child.once('exit', (code) => reject(new Error(`Redis ended with ${code}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (/ready to accept connections/i.test(line)) resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Calls it with a client of one's own. */
  async use<T>(call: (client: RedisClient) => Promise<T>): Promise<T> {
    const client = createClient({ url: this.url });
    await client.connect();
    try {
      return await call(client);
    } finally {
      client.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#reserved.release();
  }
}
