import { textMessage } from '../../contract/world.ts';
import { openMeeting } from './meeting.ts';

/** Two peers in one process, connected by WebRTC, under load; ends as it is told: by itself, or in the middle of everything. */
const meeting = await openMeeting();
const listener = await meeting.listen();
const link = meeting.link({ relayed: false, maxInFlight: 500 });
await link.ready();
const reader = listener.receive();
const stop = new AbortController();
const load = Array.from({ length: 400 }, async () => {
  while (!stop.signal.aborted) await link.send(textMessage('t', 'x'.repeat(1000)));
});
for (let count = 0; count < 5_000; count += 1) await reader.next();
if (process.argv[2] === 'exit') process.exit(7);
await reader.return?.();
stop.abort();
await Promise.all(load);
await meeting[Symbol.asyncDispose]();
