import { heldBytes } from '../../support/held-bytes.ts';
import { Packed, type Overflow } from '../../../src/endpoints/websocket/index.ts';
import { plainWorld } from './world.ts';

/** The other process, of which the memory is measured: a listener, with a reader that takes nothing. */
export interface MemorySettings {
  readonly maxBufferedBytes: number;
  readonly overflow: Overflow;
}

/** Asks for what stands in {@link MemoryFacts}; a number broadcasts so many messages of 10 kB and is answered with itself. */
export type MemoryQuestion = 'facts' | number;

export interface MemoryFacts {
  readonly heldBytes: number;
  readonly connections: number;
  readonly dropped: number;
  readonly told: readonly string[];
}

const MESSAGE_BYTES = 10_000;
const none = new Uint8Array();
const settings = JSON.parse(process.env['MEMORY_SETTINGS'] ?? '') as MemorySettings;
const { listener, port, told } = await plainWorld({ ...settings, keepAliveMs: 0 });
listener.receive();
let sent = 0;
process.on('message', (question: MemoryQuestion) => {
  for (let left = question === 'facts' ? 0 : question; left > 0; left -= 1) {
    // A text of its own for each: what is held must show.
    const text = `${sent}`.padEnd(MESSAGE_BYTES);
    sent += 1;
    void listener.publish({ topic: 't', payload: none }, {}, new Packed(text, true));
  }
  if (question !== 'facts') return void process.send?.(question);
  const { connections, dropped } = listener;
  const facts: MemoryFacts = { heldBytes: heldBytes(), connections, dropped, told };
  process.send?.(facts);
});
process.once('disconnect', () => process.exit());
process.send?.(port);
