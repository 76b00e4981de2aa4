import type { Socket } from 'node:net';

/** Calls `use` with the first bytes, still unread, once there are `count`. A socket that stays silent for `limitMs` is destroyed. */
export function firstBytes(socket: Socket, count: number, limitMs: number, use: (bytes: Buffer) => void): void {
  const timer = setTimeout(() => socket.destroy(), limitMs);
  let bytes = Buffer.alloc(0);
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length < count) return;
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.unshift(bytes);
    use(bytes);
  };
  socket.on('readable', onReadable);
  socket.once('close', () => clearTimeout(timer));
}
