/** What `nodes/broker/plugin.ts` answers. */
export type Part = 'clients' | 'sessions' | 'retained';

export interface Answer {
  readonly counts: {
    readonly published: number;
    readonly delivered: number;
    readonly refused: number;
    readonly dropped: number;
  };
  readonly rows: readonly (SessionRow | RetainedRow)[];
  readonly more: boolean;
}

export interface SessionRow {
  readonly clientId: string;
  readonly identity?: string;
  readonly connected: boolean;
  readonly since: number;
  readonly protocol?: string;
  readonly filters: readonly string[];
  readonly subscriptions: number;
  readonly queued: number;
  readonly dropped: number;
}

export interface RetainedRow {
  readonly topic: string;
  readonly bytes: number;
  readonly text: string;
  readonly from: string;
}

/** Asks the runtime; undefined when it does not answer. */
export function ask(part: Part): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    $.ajax({
      url: `chartwire/broker/${part}`,
      type: 'GET',
      success: (answer) => resolve(answer as Answer),
      error: () => resolve(undefined),
    });
  });
}

export function kick(clientId: string): Promise<void> {
  return new Promise((resolve) => {
    $.ajax({
      url: 'chartwire/broker/kick',
      type: 'POST',
      data: JSON.stringify({ clientId }),
      contentType: 'application/json',
      success: () => resolve(),
      error: () => resolve(),
    });
  });
}
