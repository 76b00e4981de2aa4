/** May this identity do this with that topic? Identity is the verified certificate name; undefined for anybody else. */
export type Access = (identity: string | undefined, action: 'publish' | 'subscribe', topic: string) => boolean;

/** What listeners do when nothing else is said: whoever our CA knows may send and receive, nobody else. */
export function knownOnly(identity: string | undefined): boolean {
  return identity !== undefined;
}
