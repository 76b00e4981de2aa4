const SETTING = 'chartwire-chart-large';
/** What was changed last: Node-RED keeps the sizes of its sidebar too, so that ours would stay after a reload. */
const CHANGES = 'chartwire-chart-room';
/** What a chart needs beside the canvas: part of the window's width, and of the sidebar's height. */
const WIDTH_SHARE = 0.45;
const HEIGHT_SHARE = 0.74;
const LEAST_WIDTH_PX = 420;
const CANVAS_KEEPS_PX = 260;
/** A form lies on the canvas; in less it would go on under the sidebar. */
const FORM_NEEDS_PX = 520;

interface Change {
  readonly selector: string;
  readonly property: 'width' | 'height';
  readonly before: string;
  readonly after: string;
}

/**
 * Gives the tab more of the window than the sidebar has at first, while it is shown: a wider sidebar, and less height for the
 * section under or above it. What the user drags in between stays as they left it.
 */
export class TabRoom {
  readonly #host: HTMLElement;
  #changes: readonly Change[] = [];
  #shown = false;

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#changes = kept();
    this.#shrink();
    new ResizeObserver(() => this.#follow()).observe(host);
    RED.events.on('editor:open', () => {
      const canvas = document.getElementById('red-ui-workspace');
      if (this.#shown && canvas !== null && canvas.offsetWidth < FORM_NEEDS_PX) this.#shrink();
    });
    RED.events.on('editor:close', () => {
      if (this.#shown && this.#changes.length === 0) this.#grow();
    });
    window.addEventListener('resize', () => {
      if (!this.#shown) return;
      // Node-RED has just cut what no longer fits.
      this.#shrink(true);
      this.#grow();
    });
  }

  /** Whether it takes that room; so it does at first. */
  get large(): boolean {
    return localStorage.getItem(SETTING) !== 'off';
  }

  set large(on: boolean) {
    localStorage.setItem(SETTING, on ? 'on' : 'off');
    this.#shrink();
    if (this.#shown) this.#grow();
  }

  /** The room is given back when another tab takes this one's place. */
  #follow(): void {
    const shown = this.#host.offsetWidth > 0;
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (shown) this.#grow();
    else this.#shrink();
  }

  #grow(): void {
    const section = this.#host.closest<HTMLElement>('.red-ui-sidebar-section');
    const sidebar = section?.closest<HTMLElement>('.red-ui-sidebar');
    const workspace = document.getElementById('red-ui-workspace');
    if (!this.large || !section || !sidebar || !workspace) return;
    const wanted = Math.max(LEAST_WIDTH_PX, window.innerWidth * WIDTH_SHARE);
    const most = sidebar.offsetWidth + workspace.offsetWidth - CANVAS_KEEPS_PX;
    if (Math.min(wanted, most) > sidebar.offsetWidth) this.#set(`#${sidebar.id}`, 'width', Math.min(wanted, most));
    const [top, bottom] = [...sidebar.querySelectorAll<HTMLElement>('.red-ui-sidebar-section')];
    if (top !== undefined && bottom !== undefined && top.offsetHeight > 0 && bottom.offsetHeight > 0) {
      const both = top.offsetHeight + bottom.offsetHeight;
      const height = both * (section === top ? HEIGHT_SHARE : 1 - HEIGHT_SHARE);
      if (section.offsetHeight < both * HEIGHT_SHARE)
        this.#set(`#${sidebar.id} > .red-ui-sidebar-section-top`, 'height', height);
    }
    localStorage.setItem(CHANGES, JSON.stringify(this.#changes));
    RED.events.emit('sidebar:resize');
  }

  #shrink(always = false): void {
    for (const { selector, property, before, after } of this.#changes) {
      const element = document.querySelector<HTMLElement>(selector);
      if (element !== null && (always || element.style[property] === after)) element.style[property] = before;
    }
    this.#changes = [];
    RED.events.emit('sidebar:resize');
  }

  #set(selector: string, property: Change['property'], wanted: number): void {
    const element = document.querySelector<HTMLElement>(selector);
    if (element === null) return;
    const before = element.style[property];
    element.style[property] = `${Math.round(wanted)}px`;
    this.#changes = [...this.#changes, { selector, property, before, after: element.style[property] }];
  }
}

/** Our own record; nobody else writes it. */
const kept = (): Change[] => JSON.parse(localStorage.getItem(CHANGES) ?? '[]') as Change[];
