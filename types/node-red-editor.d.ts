// The part of the Node-RED 5 editor's own API that we use; @types/node-red does not describe it.
export interface JQuery {
  val(): unknown;
  val(value: string): JQuery;
  text(text: string): JQuery;
  css(rules: Readonly<Record<string, string | number>>): JQuery;
  attr(name: string, value: string): JQuery;
  prop(name: string): unknown;
  prop(name: string, value: boolean): JQuery;
  on(event: string, act: (event: Event) => void): JQuery;
  appendTo(target: JQuery | Element): JQuery;
  append(...children: (JQuery | Element)[]): JQuery;
  find(selector: string): JQuery;
  each(act: (index: number, element: Element) => void): JQuery;
  empty(): JQuery;
  readonly length: number;
  [index: number]: HTMLElement;
  autoComplete(options: Readonly<Record<string, unknown>>): JQuery;
  editableList(options: Readonly<Record<string, unknown>>): JQuery;
  editableList(command: 'addItem', item: unknown): JQuery;
  editableList(command: 'items'): JQuery;
  dialog(options: Readonly<Record<string, unknown>>): JQuery;
  dialog(command: 'close' | 'destroy'): JQuery;
  dialog(command: 'option', name: 'position', value: Readonly<Record<string, unknown>>): JQuery;
  button(command: 'enable' | 'disable'): JQuery;
}

/** A node as the editor keeps it. */
export interface EditorNode {
  id: string;
  type: string;
  name?: string;
  z?: string;
  x?: number;
  y?: number;
  outputs?: number;
  changed?: boolean;
  dirty?: boolean;
  [property: string]: unknown;
}

/** A group as the editor keeps it. */
export interface EditorGroup extends EditorNode {
  nodes: EditorNode[];
}

/** A wire as the editor keeps it. */
export interface EditorLink {
  readonly source: EditorNode;
  readonly sourcePort: number;
  readonly target: EditorNode;
}

/** What one import added. */
export interface ImportedNodes {
  readonly nodes: readonly EditorNode[];
  readonly links: readonly object[];
  readonly groups: readonly EditorNode[];
  readonly junctions: readonly EditorNode[];
  readonly workspaces: readonly EditorNode[];
  readonly subflows: readonly EditorNode[];
}

/** What Node-RED's view does between two views of a tab. */
export interface Easing {
  readonly toValues: Readonly<Record<string, number>>;
  readonly onStart?: () => void;
  readonly onStep: (values: Readonly<Record<string, number>>) => void;
  readonly onEnd?: () => void;
}

export interface EditorApi {
  readonly nodes: {
    import(nodes: readonly object[], options: Readonly<Record<string, unknown>>): ImportedNodes;
    /** A new one. */
    id(): string;
    workspace(id: string): EditorNode | undefined;
    node(id: string): EditorNode | null;
    group(id: string): EditorNode | undefined;
    subflow(id: string): EditorNode | undefined;
    junction(id: string): EditorNode | undefined;
    getWorkspaceOrder(): string[];
    /** Takes a tab and all that is on it away; the answer is what a history event of type `delete` holds. */
    removeWorkspace(id: string): object;
    filterLinks(filter: { target?: EditorNode; source?: EditorNode }): EditorLink[];
    /** Port type 1 is the input, 0 the outputs. Found by the node, whatever the flow holds besides. */
    getNodeLinks(id: string, portType: 0 | 1): EditorLink[];
    filterNodes(filter: { z?: string; type?: string }): EditorNode[];
    groups(z: string): EditorGroup[];
    junctions(z: string): EditorNode[];
    /** Everything as the flow file holds it. */
    createCompleteNodeSet(options: {
      credentials: boolean;
    }): (Record<string, unknown> & { id: string; type: string })[];
    remove(id: string): { links: EditorLink[] };
    addLink(link: EditorLink): void;
    removeLink(link: EditorLink): void;
    removeJunction(junction: EditorNode): { links: EditorLink[] };
    removeGroup(group: EditorGroup): void;
    updateConfigNodeUsers(node: EditorNode, options: { action: 'add' | 'remove' }): void;
    dirty(): boolean;
    dirty(value: boolean): void;
    eachConfig(act: (node: EditorNode) => void): void;
    getType(type: string): { readonly color?: string; readonly paletteLabel?: unknown } | undefined;
    registerType(type: string, definition: object): void;
  };
  readonly workspaces: {
    show(id: string): void;
    active(): string;
    remove(tab: EditorNode): void;
    order(ids: readonly string[]): void;
    refresh(): void;
  };
  readonly keyboard: {
    /** With `false` the user's own choice of key wins. */
    add(scope: string, key: string, action: string, byUser: false): void;
    getShortcut(action: string): { scope: string; key: string } | undefined;
    enable(): void;
    disable(): void;
  };
  readonly view: {
    /** Moves between values, drawing frame by frame. */
    readonly zoomAnimator: { easeToValuesRAF: (easing: Easing) => () => void };
    /** `now` draws before it returns. */
    redraw(full?: boolean, now?: boolean): void;
    focus(): void;
    reveal(id: string, flash?: boolean): void;
    select(selection: { nodes: readonly EditorNode[] }): void;
    selection(): { readonly nodes?: readonly EditorNode[] };
    readonly annotations: { register(id: string, options: object): void };
  };
  readonly group: {
    addToGroup(group: EditorGroup, nodes: readonly EditorNode[]): void;
    removeFromGroup(group: EditorGroup, nodes: readonly EditorNode[], reparent: boolean): void;
    markDirty(group: EditorGroup): void;
  };
  readonly editor: {
    createEditor(options: object): unknown;
    validateNode(node: EditorNode): boolean;
    updateNodeProperties(node: EditorNode): void;
  };
  readonly history: { push(event: object): void };
  readonly actions: { add(id: string, act: () => void, options?: { label?: string }): void; invoke(id: string): void };
  readonly menu: { addItem(id: string, item: object): void };
  readonly plugins: { registerPlugin(id: string, plugin: object): void };
  readonly sidebar: { addTab(options: object): void; show(id: string): void };
  readonly tray: { show(options: object): void; close(done?: () => void): void };
  readonly notify: (text: string | JQuery, options?: unknown) => { close(): void };
  readonly comms: { subscribe(topic: string, act: (topic: string, data: unknown) => void): void };
  readonly events: {
    on(event: string, act: (data: unknown) => void): void;
    emit(event: string, data?: unknown): void;
  };
  readonly settings: { get(name: string, fallback?: unknown): unknown };
  readonly _: (key: string) => string;
}

declare global {
  const RED: EditorApi;
  const $: {
    (selector: string | Element | JQuery, attributes?: Readonly<Record<string, unknown>>): JQuery;
    (ready: () => void): void;
    ajax(options: {
      url: string;
      type: string;
      data?: string;
      contentType?: string;
      success?: (answer: unknown) => void;
      error?: (request: { status: number; responseText: string; responseJSON?: unknown }) => void;
    }): { abort(): void };
  };
}
