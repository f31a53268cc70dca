/** The network between one client and its hub: it can drop every connection and refuse new ones for a while. */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class ClientNetwork {
  readonly url: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #isDown = false;

  static async start(hubUrl: string): Promise<ClientNetwork> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ClientNetwork(server, Number(new URL(hubUrl).port));
  }

  private constructor(server: Server, hubPort: number) {
    const address = server.address();
    this.#server = server;
    this.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    server.on('connection', (near) => {
      if (this.#isDown) near.destroy();
      else this.#join(near, connect({ host: '127.0.0.1', port: hubPort, noDelay: true }));
    });
  }

  drop(): void {
    this.#isDown = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#isDown = false;
  }

  close(): void {
    this.drop();
    this.#server.close();
  }

  #join(near: Socket, far: Socket): void {
    near.setNoDelay(true);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(socket);
      socket.pipe(other);
      // The other end learns of it by the close.
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
    }
  }
}
