import { spawnSync } from 'node:child_process';

const IP = process.env['IP_PATH'] ?? '/usr/sbin/ip';
const IPTABLES = process.env['IPTABLES_PATH'] ?? '/usr/sbin/iptables';

/** What stands between a host and the others: `plain` keeps ports (RFC 4787, endpoint-independent), `symmetric` does not. */
export type NatKind = 'plain' | 'symmetric';

/** Two hosts behind a NAT each, and a public one between them: network namespaces of this machine. */
export interface Nats extends Disposable {
  /** The public host's address. */
  readonly address: string;
  /** What to put before a command to run it there. */
  readonly public: readonly string[];
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** Why namespaces cannot be made here; nothing when they can. */
export function natsProblem(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux may make network namespaces';
  const name = `cw-probe-${process.pid}`;
  const made = spawnSync(IP, ['netns', 'add', name]);
  if (made.status !== 0) return `ip netns: ${made.error?.message ?? made.stderr.toString().trim()}`;
  const masked = spawnSync(IP, ['netns', 'exec', name, IPTABLES, '-t', 'nat', '-A', 'POSTROUTING', '-j', 'MASQUERADE']);
  spawnSync(IP, ['netns', 'del', name]);
  return masked.status === 0 ? undefined : `iptables: ${masked.error?.message ?? masked.stderr.toString().trim()}`;
}

const ADDRESS = '198.18.7.1';

/** Throws with the words of the command that failed. */
export function openNats(kind: NatKind): Nats {
  const name = (part: string): string => `cw${process.pid}-${part}`;
  const made: string[] = [];
  const inside = (space: string): string[] => [IP, 'netns', 'exec', name(space)];
  const dispose = (): void => {
    for (const space of made.splice(0)) spawnSync(IP, ['netns', 'del', space]);
  };
  try {
    for (const space of ['public', 'left', 'left-nat', 'right', 'right-nat']) {
      run(IP, 'netns', 'add', name(space));
      made.push(name(space));
      run(...inside(space), IP, 'link', 'set', 'lo', 'up');
    }
    const open = inside('public');
    run(...open, IP, 'link', 'add', 'bridge', 'type', 'bridge');
    run(...open, IP, 'address', 'add', `${ADDRESS}/24`, 'dev', 'bridge');
    run(...open, IP, 'link', 'set', 'bridge', 'up');
    for (const [index, side] of ['left', 'right'].entries()) {
      const nat = inside(`${side}-nat`);
      const host = inside(side);
      run(
        IP,
        'link',
        'add',
        'out',
        'netns',
        name(`${side}-nat`),
        'type',
        'veth',
        'peer',
        'name',
        side,
        'netns',
        name('public'),
      );
      run(
        IP,
        'link',
        'add',
        'in',
        'netns',
        name(`${side}-nat`),
        'type',
        'veth',
        'peer',
        'name',
        'home',
        'netns',
        name(side),
      );
      run(...open, IP, 'link', 'set', side, 'master', 'bridge', 'up');
      run(...nat, IP, 'address', 'add', `198.18.7.${index + 2}/24`, 'dev', 'out');
      // Both sides have the same private addresses, as households do.
      run(...nat, IP, 'address', 'add', '192.168.7.1/24', 'dev', 'in');
      run(...host, IP, 'address', 'add', '192.168.7.2/24', 'dev', 'home');
      for (const link of ['out', 'in']) run(...nat, IP, 'link', 'set', link, 'up');
      run(...host, IP, 'link', 'set', 'home', 'up');
      run(...host, IP, 'route', 'add', 'default', 'via', '192.168.7.1');
      run(...nat, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
      const random = kind === 'symmetric' ? ['--random'] : [];
      run(...nat, IPTABLES, '-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-j', 'MASQUERADE', ...random);
      // Routers take nothing from outside for themselves: it would also take the port of what leaves just after.
      run(...nat, IPTABLES, '-A', 'INPUT', '-i', 'out', '-j', 'DROP');
      run(...nat, IPTABLES, '-P', 'FORWARD', 'DROP');
      run(...nat, IPTABLES, '-A', 'FORWARD', '-i', 'in', '-j', 'ACCEPT');
      run(...nat, IPTABLES, '-A', 'FORWARD', '-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT');
    }
    return { address: ADDRESS, public: open, left: inside('left'), right: inside('right'), [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function run(...[command = '', ...rest]: string[]): void {
  const done = spawnSync(command, rest);
  if (done.status !== 0) throw new Error(`${command} ${rest.join(' ')}: ${done.stderr.toString().trim()}`);
}
