import type { Level, Qos } from './bytes.ts';
import type { ServerIdentity } from './far-broker.ts';

/** Traffic as it is told to the load process. */
export interface TrafficOrder {
  readonly qos: Qos;
  /** Size of a payload, or a reading as JSON. */
  readonly payload: number | 'json';
  readonly window: number;
}

/** Clients of a broker. `publishers` publish to one topic that all `subscribers` subscribe to. */
export interface ClientsOrder extends TrafficOrder {
  readonly port: number;
  readonly level: Level;
  readonly ca?: string | undefined;
  readonly publishers: number;
  readonly subscribers: number;
  readonly durable?: boolean;
  /** Published there and arriving here; when not the same, something between must carry it over. */
  readonly from: string;
  readonly to: string;
}

/** What the load process can be asked. `key` names one arrangement from then on. */
export type Question =
  | { readonly do: 'listen'; readonly identity: ServerIdentity | undefined }
  | ({ readonly do: 'expect'; readonly port: number } & TrafficOrder)
  | { readonly do: 'meet'; readonly port: number; readonly key: string }
  | ({ readonly do: 'dial'; readonly key: string } & ClientsOrder)
  | { readonly do: 'run'; readonly key: string; readonly forMs: number; readonly perSecond?: number }
  | { readonly do: 'hangUp'; readonly key: string }
  | { readonly do: 'idle'; readonly key: string; readonly port: number; readonly count: number; readonly level: Level }
  | { readonly do: 'subscribe'; readonly key: string; readonly port: number; readonly count: number }
  | { readonly do: 'retain'; readonly port: number; readonly count: number };
