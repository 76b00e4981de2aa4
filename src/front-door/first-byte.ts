import type { TLSSocket } from 'node:tls';

/** Calls `use` with the first byte, still unread, once it is there. A socket that stays silent for `limitMs` is destroyed. */
export function firstByte(socket: TLSSocket, limitMs: number, use: (byte: number) => void): void {
  const timer = setTimeout(() => socket.destroy(), limitMs);
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.unshift(chunk);
    use(chunk[0]!);
  };
  socket.on('readable', onReadable);
  socket.once('close', () => clearTimeout(timer));
}
