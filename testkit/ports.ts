import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port at which a test may start, kill and restart whatever it likes. */
export interface ReservedPort {
  readonly port: number;
  /** Lets other tests have it. Safe to call twice. */
  release(): void;
}

/**
 * Below the system's ephemeral ports: while the hub is down, a client's attempt could get the hub's own port and
 * connect to itself.
 */
const lowest = 20_000;
const count = 10_000;
const triesMax = 100;

/**
 * Reserves a free port against every other test of this machine, also while nothing listens on it: it holds the UDP
 * port of the same number, which the system gives to one process only, and frees when that ends.
 */
export async function reservePort(): Promise<ReservedPort> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = lowest + Math.floor(Math.random() * count);
    const lock = await lockOf(port);
    if (!lock) continue;
    let isReleased = false;
    const release = () => {
      if (!isReleased) lock.close();
      isReleased = true;
    };
    if (await isFree(port)) return { port, release };
    release();
  }
  throw new Error('no port is free');
}

/** @returns undefined if another test has it */
async function lockOf(port: number): Promise<Socket | undefined> {
  const socket = createSocket('udp4');
  socket.bind({ port, address: '127.0.0.1', exclusive: true });
  try {
    await once(socket, 'listening');
    return socket.unref();
  } catch {
    // EADDRINUSE
    socket.close();
    return undefined;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    // EADDRINUSE: a program that is no test.
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
