/** Types of the library's older clients, as far as tests use them. */

interface OldSocket {
  on(event: string, listener: (payload: never) => void): this;
  emit(event: string, ...args: unknown[]): this;
  close(): this;
}

declare module 'socket.io-client-2' {
  export default function io(url: string, options?: object): OldSocket;
}

declare module 'socket.io-client-3' {
  export function io(url: string, options?: object): OldSocket;
}
