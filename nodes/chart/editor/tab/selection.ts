import type { EditorNode } from '../../../../types/node-red-editor.d.ts';
import type { ChartSync } from '../sync/chart-sync.ts';

/** Keeps the boxes of the picture and the nodes on the canvas selected together. */
export class Selection {
  readonly #sync: Pick<ChartSync, 'nodeOf' | 'boxOf'>;
  readonly #mark: (ids: ReadonlySet<string>) => void;
  #ids: ReadonlySet<string> = new Set();

  constructor(sync: Pick<ChartSync, 'nodeOf' | 'boxOf'>, mark: (ids: ReadonlySet<string>) => void) {
    this.#sync = sync;
    this.#mark = mark;
    RED.events.on('view:selection-changed', (selection) => {
      const { nodes = [] } = (selection ?? {}) as { nodes?: readonly EditorNode[] };
      this.#ids = new Set(nodes.map(({ id }) => sync.boxOf(id)).filter((id) => id !== undefined));
      this.refresh();
    });
  }

  /** A box was chosen in the picture: its node is selected and shown on the canvas. */
  choose(box: string): void {
    const node = RED.nodes.node(this.#sync.nodeOf(box) ?? '');
    if (node === null) {
      this.#ids = new Set([box]);
      this.refresh();
      return;
    }
    RED.view.select({ nodes: [node] });
    RED.view.reveal(node.id, false);
    this.#ids = new Set([box]);
    this.refresh();
  }

  /** The cursor stands in the text of a box: only the picture shows it. */
  mark(box: string | undefined): void {
    this.#mark(box === undefined ? this.#ids : new Set([box]));
  }

  /** Marks the selection again, after the picture was drawn anew. */
  refresh(): void {
    this.#mark(this.#ids);
  }
}
