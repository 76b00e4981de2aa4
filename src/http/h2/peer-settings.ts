import { ConnectionError, FLOW_CONTROL_ERROR, PROTOCOL_ERROR } from './codes.ts';

/** What the far side has said about itself (RFC 9113, 6.5.2); the rest is not ours to use. */
export class PeerSettings {
  initialWindow = 65_535;
  maxFrame = 16_384;
}

const [ENABLE_PUSH, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE] = [2, 4, 5];

/** Applies the payload of a SETTINGS frame, and returns by how much the window of each stream has grown. */
export function applySettings(peer: PeerSettings, payload: Buffer): number {
  const before = peer.initialWindow;
  for (let at = 0; at < payload.length; at += 6) {
    const id = payload.readUInt16BE(at);
    const value = payload.readUInt32BE(at + 2);
    if (id === ENABLE_PUSH && value > 1) throw new ConnectionError(PROTOCOL_ERROR, 'ENABLE_PUSH is neither 0 nor 1');
    if (id === INITIAL_WINDOW_SIZE) {
      if (value > 0x7fffffff) throw new ConnectionError(FLOW_CONTROL_ERROR, 'a window too large');
      peer.initialWindow = value;
    }
    if (id === MAX_FRAME_SIZE) {
      if (value < 16_384 || value > 0xffffff) throw new ConnectionError(PROTOCOL_ERROR, 'a frame size that cannot be');
      peer.maxFrame = value;
    }
  }
  return peer.initialWindow - before;
}
