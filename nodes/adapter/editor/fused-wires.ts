import { putOnCanvas } from './on-canvas.ts';

/** One wire as `GET chartwire/path` tells of it. */
interface Wire {
  readonly from: string;
  readonly port: number;
  readonly to: string;
  readonly fused: boolean;
  readonly why: string;
}

/** What the editor's view keeps at the element of a wire; no part of its own API. */
interface DrawnWire {
  readonly source?: { readonly id?: unknown };
  readonly sourcePort?: unknown;
  readonly target?: { readonly id?: unknown };
}

const ACTION = 'chartwire:show-direct-calls';
const LABEL = 'Show direct calls';
const FUSED = 'chartwire-fused';
const WIRED = 'chartwire-wired';
/** After these the view draws wires anew. */
const REDRAWS = ['links:add', 'links:remove', 'workspace:change', 'view:selection-changed'];

let wires: ReadonlyMap<string, Wire> | undefined;
let legend: HTMLElement | undefined;

/** Adds the action that marks which wires are direct calls, and says at the others what stands against it. */
export function addFusedWires(): void {
  RED.plugins.registerPlugin('chartwire-path', {
    type: 'chartwire-path',
    onadd() {
      RED.actions.add(ACTION, toggle, { label: LABEL });
      RED.menu.addItem('red-ui-header-button-sidemenu', {
        id: 'menu-item-chartwire-direct-calls',
        label: LABEL,
        onselect: ACTION,
      });
      for (const event of REDRAWS) RED.events.on(event, () => requestAnimationFrame(draw));
      RED.events.on('deploy', () => {
        // Direct calls are made once all that was on its way has arrived.
        if (wires !== undefined) setTimeout(ask, 200);
      });
    },
  });
}

function toggle(): void {
  if (wires === undefined) ask();
  else hide();
}

function hide(): void {
  wires = undefined;
  legend?.remove();
  legend = undefined;
  draw();
}

function ask(): void {
  $.ajax({
    url: 'chartwire/path',
    type: 'GET',
    success: (answer) => {
      const told = answer as readonly Wire[];
      wires = new Map(told.map((wire) => [keyOf(wire.from, wire.port, wire.to), wire]));
      explain(told);
      draw();
    },
    error: ({ status }) => void RED.notify(`The runtime did not say which wires are direct calls (${status})`, 'error'),
  });
}

const keyOf = (from: unknown, port: unknown, to: unknown): string => [from, port ?? 0, to].join(' ');

/** Marks the wires on the canvas, or takes all marks away. */
function draw(): void {
  for (const element of document.querySelectorAll('.red-ui-flow-link')) {
    const drawn = (element as Element & { __data__?: DrawnWire }).__data__;
    const wire = wires?.get(keyOf(drawn?.source?.id, drawn?.sourcePort, drawn?.target?.id));
    element.classList.toggle(FUSED, wire?.fused === true);
    element.classList.toggle(WIRED, wire?.fused === false);
    element.querySelector(':scope > title')?.remove();
    if (wire === undefined) continue;
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = wire.fused ? 'A direct call' : `Through the runtime: ${wire.why}`;
    element.prepend(title);
  }
}

function explain(told: readonly Wire[]): void {
  const fused = told.filter((wire) => wire.fused).length;
  legend?.remove();
  legend = document.createElement('div');
  legend.className = 'chartwire-path-legend';
  legend.setAttribute('role', 'status');
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = 'Hide';
  close.addEventListener('click', hide);
  legend.append(
    key(FUSED, `${fused} direct call${fused === 1 ? '' : 's'}`),
    key(WIRED, `${told.length - fused} through the runtime (rest on a wire to see why)`),
    close,
  );
  putOnCanvas(legend);
}

function key(name: string, text: string): HTMLElement {
  const entry = document.createElement('span');
  const line = document.createElement('i');
  line.className = `${name}-key`;
  entry.append(line, text);
  return entry;
}
