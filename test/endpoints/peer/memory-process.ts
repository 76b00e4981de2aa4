import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { isFault } from '../../../src/fault.ts';

/** The other process, of which the memory is measured: a listener whose readers take nothing. */
export interface MemorySettings {
  readonly cert: string;
  readonly key: string;
  readonly pins: readonly string[];
  readonly maxPayloadBytes: number;
  readonly maxInFlight: number;
  readonly maxWaiting: number;
}

/** Asks for what stands in {@link MemoryFacts}; a number first sends so many messages of `maxPayloadBytes` to all. */
export type MemoryQuestion = 'facts' | number;

export interface MemoryFacts {
  readonly residentBytes: number;
  readonly connections: number;
  readonly refused: number;
  readonly told: readonly string[];
  /** Codes of sends that were not taken, each once. */
  readonly codes: readonly string[];
}

const settings = JSON.parse(process.env['MEMORY_SETTINGS'] ?? '') as MemorySettings;
const told: string[] = [];
const codes = new Set<string>();
const listener = await peerEndpoint.listen({ ...settings, onRefusal: (_source, problem) => told.push(problem) });
listener.receive();
const payload = Buffer.alloc(settings.maxPayloadBytes);
process.on('message', (question: MemoryQuestion) => {
  if (question !== 'facts') {
    for (let count = 0; count < question; count += 1) {
      // A copy for each: what is held must show.
      listener.send({ topic: 't', payload: Buffer.from(payload) }).catch((error: unknown) => {
        codes.add(isFault(error) ? error.code : String(error));
      });
    }
  }
  const { connections, refused } = listener;
  const facts: MemoryFacts = {
    residentBytes: process.memoryUsage.rss(),
    connections,
    refused,
    told,
    codes: [...codes],
  };
  process.send?.(facts);
});
process.once('disconnect', () => process.exit());
process.send?.(listener.port);
