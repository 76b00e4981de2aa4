import type { Duplex } from 'node:stream';
import { errorLine, Fault } from '../../fault.ts';
import type { Upgrade } from '../../front-door/upgrade.ts';
import { admit, type Accepted, type AdmitSettings, type Refusal } from './admit.ts';
import type { UpgradeHost } from './settings.ts';
import { RUN_HEADER } from './traits.ts';

export interface ReceptionSettings {
  readonly door: UpgradeHost;
  readonly path: string;
  readonly maxClients: number;
  readonly admitting: AdmitSettings;
  /** What the far side is told our message numbers belong to. */
  readonly run: string;
}

export interface ReceptionEvents {
  /** How many are connected now. */
  connected(): number;
  /** Somebody is let in; `head` was read already. */
  accepted(accepted: Accepted, stream: Duplex, head: Buffer): void;
  refused(kind: string, source: string, line?: string): void;
}

/** Lets far sides in at one path of a door: as many as there is room for, and who they are is known before the upgrade. */
export class Reception {
  readonly #settings: ReceptionSettings;
  readonly #events: ReceptionEvents;
  readonly #unmount: () => void;
  #admittingNow = 0;
  #isClosed = false;

  /** Throws PATH_TAKEN. */
  constructor(settings: ReceptionSettings, events: ReceptionEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#unmount = settings.door.upgrade(settings.path, (upgrade) => void this.#admit(upgrade));
  }

  close(): void {
    this.#isClosed = true;
    this.#unmount();
  }

  async #admit(upgrade: Upgrade): Promise<void> {
    const { maxClients, path, admitting } = this.#settings;
    // Those who are being looked at count too: checking a token may take its time.
    if (this.#events.connected() + this.#admittingNow >= maxClients) {
      this.#refuse(upgrade, { status: 503, fault: new Fault('LISTENER_FULL', { limit: maxClients }) });
      return;
    }
    this.#admittingNow += 1;
    try {
      const admission = await admit(upgrade, admitting);
      if (this.#isClosed) this.#refuse(upgrade, { status: 404, fault: new Fault('PATH_UNKNOWN', { path }) });
      else if ('fault' in admission) this.#refuse(upgrade, admission);
      else this.#accept(upgrade, admission);
    } catch (error) {
      // Where keys come from cannot be reached: nobody can tell who it is.
      const fault = new Fault('REQUEST_FAILED', {});
      this.#events.refused(fault.code, upgrade.socket.remoteAddress ?? '', errorLine(error));
      upgrade.refuse(503, fault);
    } finally {
      this.#admittingNow -= 1;
    }
  }

  #accept(upgrade: Upgrade, accepted: Accepted): void {
    if (upgrade.httpVersion === '1.1') {
      upgrade.socket.setTimeout(0);
      upgrade.socket.setNoDelay(true);
    }
    const { stream, head } = upgrade.accept({ ...accepted.headers, [RUN_HEADER]: this.#settings.run });
    // It may have gone while it was looked at.
    if (!stream.destroyed) this.#events.accepted(accepted, stream, head);
  }

  #refuse(upgrade: Upgrade, { status, fault, headers }: Refusal): void {
    this.#events.refused(fault.code, upgrade.socket.remoteAddress ?? '');
    upgrade.refuse(status, fault, headers);
  }
}
