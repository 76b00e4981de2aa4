/** What `chartwire start` takes. */
export interface HostOptions {
  /** Folder of all state. Made when missing. */
  readonly home: string;
  readonly host: string;
  /** Port of the editor; 0 takes any free one. */
  readonly port: number;
  /** Port of the front door; 0 takes any free one. */
  readonly tlsPort: number;
  /** True when the user named the port himself: then another is never taken silently. */
  readonly portsGiven: { readonly port: boolean; readonly tlsPort: boolean };
  readonly headless: boolean;
  /** Serve the editor over TLS with the certificate of the local CA. */
  readonly editorTls: boolean;
  /** Accept a bind off loopback without TLS. */
  readonly insecure: boolean;
  /** Password set on the first start, instead of the one-time address. */
  readonly password: string | undefined;
  /** A line for the user. */
  readonly say: (line: string) => void;
}
