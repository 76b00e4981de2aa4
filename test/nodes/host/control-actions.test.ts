import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Services } from '../../../src/app/services.ts';
import { isFault } from '../../../src/fault.ts';
import { controlActions } from '../../../nodes/host/control-actions.ts';

describe('what local commands may ask', () => {
  /** A fleet whose hosts say nothing about a release. */
  const silentFleet = {
    ship: () => Promise.resolve({ digest: 'd', name: 'n', version: 1, documentBytes: 1, hosts: ['one'] }),
    outcome: (_digest: string, signal: AbortSignal) => pause(60_000, [], { signal, ref: false }),
  };
  const actions = (services: object): ReturnType<typeof controlActions> =>
    controlActions({ services: services as Services, version: '1', listeners: {}, longestOutcomeMs: 20 } as never);

  it('says that hosts are silent when they do not tell what became of a release', async () => {
    const ship = actions({ fleet: silentFleet })['ship'];
    await assert.rejects(
      async () => ship?.({ name: 'n', flows: [] }),
      (error) => isFault(error) && /^HOSTS_SILENT: .*20 ms .*; .*fleet hosts/.test(error.line),
    );
  });

  it('has no fleet to offer where there is none', async () => {
    await assert.rejects(async () => actions({})['hosts']?.(undefined), { code: 'COMMAND_UNKNOWN' });
  });
});
