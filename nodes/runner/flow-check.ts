import { compileFunction } from 'node:vm';
import { enabledNodes, type FlowNode, nodeTypesOf } from '../../src/fleet/flow-nodes.ts';

/** Why these flows could not start here. `isKnown` says whether a node type is registered. */
export function flowsStartProblem(flows: readonly FlowNode[], isKnown: (type: string) => boolean): string | undefined {
  // Also on disabled tabs: Node-RED runs nothing at all when any type is missing.
  const missing = nodeTypesOf(flows).filter((type) => !isKnown(type));
  if (missing.length > 0) return `missing node type: ${missing.join(', ')}`;
  const ids = new Set(flows.map((node) => node.id));
  const orphan = flows.find((node) => node.type.startsWith('subflow:') && !ids.has(node.type.slice('subflow:'.length)));
  if (orphan !== undefined) return `missing node type: ${orphan.type}`;
  for (const node of enabledNodes(flows)) {
    const problem = node.type === 'function' ? functionProblem(node) : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const BODIES = { func: 'On Message', initialize: 'On Start', finalize: 'On Stop' };

function functionProblem(node: FlowNode): string | undefined {
  for (const [property, title] of Object.entries(BODIES)) {
    const body = node[property];
    if (typeof body !== 'string') continue;
    try {
      // The function node wraps its bodies like this; only compiled here, never run.
      compileFunction(`return (async function(msg,__send__,__done__) {\n${body}\n})`);
    } catch (error) {
      return `node "${node.name === undefined || node.name === '' ? node.id : node.name}" (function): ${title}: ${String(error)}`;
    }
  }
  return undefined;
}
