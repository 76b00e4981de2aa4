import type { Socket } from 'node:net';

/** At which byte of a connection of node:http the request begins that is under way on it. */
const beginnings = new WeakMap<Socket, number>();

export function beginRequest(socket: Socket, atByte: number): void {
  beginnings.set(socket, atByte);
}

/** About how much of that request has come, in bytes; 0 for connections of which nothing is known. */
export function requestBytes(socket: Socket): number {
  const atByte = beginnings.get(socket);
  return atByte === undefined ? 0 : socket.bytesRead - atByte;
}
