/** Bytes one client may have under way however much waits for the others. */
const OWN_SHARE_BYTES = 64 * 1024;

export interface QueueLimits {
  readonly maxQueuedMessages: number;
  readonly maxQueuedBytes: number;
  readonly maxQueuedBytesTotal: number;
}

/** What is queued for, and under way to, all clients together: many full queues take no more memory than they may. */
export class QueueSpace<Owner> {
  /** Of messages, counted for each client that waits for them. */
  bytes = 0;
  readonly limits: QueueLimits;
  /** Told once by a client whose queue takes no more. */
  readonly onFull: (owner: Owner) => void;

  constructor(limits: QueueLimits, onFull: (owner: Owner) => void) {
    this.limits = limits;
    this.onFull = onFull;
  }

  /** True when a client with so many bytes in its queue may have `more` there. */
  takes(queuedBytes: number, more: number): boolean {
    const { maxQueuedBytes, maxQueuedBytesTotal } = this.limits;
    return queuedBytes + more <= maxQueuedBytes && this.bytes + more <= maxQueuedBytesTotal;
  }

  /** True when a client with so many bytes under way may be sent another message. */
  sends(underWayBytes: number): boolean {
    if (underWayBytes < OWN_SHARE_BYTES) return true;
    const { maxQueuedBytes, maxQueuedBytesTotal } = this.limits;
    return underWayBytes < maxQueuedBytes && this.bytes < maxQueuedBytesTotal;
  }
}
