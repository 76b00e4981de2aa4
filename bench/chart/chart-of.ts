const BOXES_IN_ROW = 50;

/** Rows of boxes, each joined to the next one and now and then to one of the row before. */
export function chartOf(boxes: number): string {
  const lines = Array.from({ length: boxes }, (_, box) => {
    const shape = box % 7 === 3 ? `b${box}{Decide ${box}}` : `b${box}["Step ${box}"]`;
    if (box === 0) return `  ${shape}`;
    const from = box % BOXES_IN_ROW === 0 ? box - BOXES_IN_ROW : box - 1;
    return `  b${from} -->|to ${box}| ${shape}`;
  });
  return ['flowchart TD', ...lines, ''].join('\n');
}
