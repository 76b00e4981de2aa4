import { Fault } from '../fault.ts';
import type { FilledLimits } from './limits.ts';
import type { Message } from './message.ts';
import { propertiesProblem } from './properties.ts';
import { topicProblem } from './topic.ts';

/** Why no link with these limits can send the message, if it cannot. */
export function messageFault(message: Message, { maxPayloadBytes }: FilledLimits): Fault | undefined {
  const problem = topicProblem(message.topic) ?? propertiesProblem(message);
  if (problem !== undefined) return new Fault('MESSAGE_INVALID', { problem });
  const sizeBytes = message.payload.byteLength;
  return sizeBytes > maxPayloadBytes
    ? new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes: maxPayloadBytes })
    : undefined;
}
