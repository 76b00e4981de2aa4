import type * as Library from 'node-datachannel';
import type { DataChannel, DataChannelInitConfig, PeerConnection, RtcConfig } from 'node-datachannel';
import { Fault } from '../../../fault.ts';

let loading: Promise<typeof Library> | undefined;

/**
 * What the library still has to call back about. It holds bare pointers to these: one that is collected before it was told
 * that it is closed takes the process along.
 */
const kept = new Set<object>();

/**
 * A connection of the native library, which is loaded with the first. Rejects with WEBRTC_MISSING where there is no binary
 * for this platform. The library's own cleanup is never called: connections made after it end by themselves. Without it a
 * process ends as soon as all connections and channels are closed.
 */
export async function openConnection(
  name: string,
  config: RtcConfig,
  onState: (state: string) => void,
): Promise<PeerConnection> {
  loading ??= load();
  const library = await loading;
  const connection = new library.PeerConnection(name, config);
  kept.add(connection);
  connection.onStateChange(
    called((state) => {
      if (state === 'closed') setImmediate(() => kept.delete(connection));
      onState(state);
    }),
  );
  return connection;
}

/** A channel both sides open under the same number. */
export function openChannel(
  connection: PeerConnection,
  label: string,
  config: DataChannelInitConfig & { readonly id: number },
  onClosed: () => void,
): DataChannel {
  const channel = connection.createDataChannel(label, { negotiated: true, ...config });
  kept.add(channel);
  channel.onClosed(
    called(() => {
      setImmediate(() => kept.delete(channel));
      onClosed();
    }),
  );
  return channel;
}

/** What the library calls must not throw there: it ends the process. Thrown here, it is an error like any other. */
export function called<Given extends readonly unknown[]>(back: (...given: Given) => void): (...given: Given) => void {
  return (...given) => {
    try {
      back(...given);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

async function load(): Promise<typeof Library> {
  try {
    return await import('node-datachannel');
  } catch (cause) {
    loading = undefined;
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new Fault('WEBRTC_MISSING', { platform: `${process.platform}-${process.arch}`, reason }, { cause });
  }
}
