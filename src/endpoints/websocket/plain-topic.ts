/** The topic of what comes without one: the path. */
export function plainTopic(path: string): string {
  return path.slice(path.startsWith('/') ? 1 : 0) || 'websocket';
}
