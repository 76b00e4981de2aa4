import type { Message } from '../../endpoint/message.ts';
import type { FarClient } from './far-client.ts';

/** A message as it came: with the frame it was in, when its sender speaks our frames. */
export interface Arrival {
  readonly client: FarClient;
  readonly payload: Buffer;
  readonly isText: boolean;
  readonly message: Message | undefined;
}
