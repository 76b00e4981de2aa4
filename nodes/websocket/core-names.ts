type Settings = Record<string, unknown>;

/** In and out nodes of core name their sides in other words. */
export function coreSides({ server, client, ...settings }: Settings): Settings {
  return {
    ...(typeof server === 'string' && server !== '' && { listener: server }),
    ...(typeof client === 'string' && client !== '' && { link: client }),
    ...settings,
  };
}

/** A client of core has its address as path, and its heartbeat in seconds. */
export function coreClient({ hb, path, ...settings }: Settings): Settings {
  const seconds = Number(hb);
  const isAddress = typeof path === 'string' && /^wss?:/i.test(path);
  return {
    ...(isAddress ? { url: path } : path !== undefined && { path }),
    ...(seconds >= 1 && { keepAliveMs: seconds * 1_000 }),
    ...settings,
  };
}
