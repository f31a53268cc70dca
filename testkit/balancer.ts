/** A load balancer of a few lines: connections go to the hubs in turn, past those that do not answer. */

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Balancer {
  readonly #server: Server;
  readonly #ports: readonly number[];
  readonly #sockets = new Set<Socket>();
  #next = 0;

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((client) => void this.#serve(client));
  }

  /** @param ports of the hubs, on loopback */
  static async start(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client);
    client.pause();
    for (let tries = 0; tries < this.#ports.length; tries += 1) {
      const port = this.#ports[this.#next % this.#ports.length] ?? 0;
      this.#next += 1;
      const hub = connect({ port, host: '127.0.0.1', noDelay: true });
      const isOpen = await once(hub, 'connect').then(
        () => true,
        () => false,
      );
      if (!isOpen) continue;
      this.#keep(hub);
      client.pipe(hub);
      hub.pipe(client);
      client.once('close', () => hub.destroy());
      hub.once('close', () => client.destroy());
      return;
    }
    client.destroy();
  }

  #keep(socket: Socket): void {
    socket.on('error', () => {});
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
