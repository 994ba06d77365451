// The drawing in React Flow, as its documentation begins: nodes and edges in state, a memoised node of its own.
import { createElement as h, memo } from 'react';
import { createRoot } from 'react-dom/client';
import { Handle, Position, ReactFlow, useEdgesState, useNodesState } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { BOX_HEIGHT, BOX_WIDTH, HEIGHT, LINES, WIDTH, asked, boxes, held } from './boxes.js';

const drawn = boxes(asked());
const style = { width: BOX_WIDTH, height: BOX_HEIGHT, boxSizing: 'border-box', border: '1px solid #333', borderRadius: 4, background: '#fff', font: '8px/10px sans-serif', padding: '3px 4px' };
const Box = memo(() => h('div', { style },
  h(Handle, { type: 'target', position: Position.Top }),
  LINES.map((line) => h('div', { key: line }, line)),
  h(Handle, { type: 'source', position: Position.Bottom })));
const nodeTypes = { box: Box };
const first = drawn.map(({ id, x, y }) => ({ id, type: 'box', position: { x, y }, data: {} }));
const joined = drawn.slice(1).map(({ id }) => ({ id: `0-${id}`, source: '0', target: id, type: 'straight' }));

const App = () => {
  const [nodes, , onNodesChange] = useNodesState(first);
  const [edges, , onEdgesChange] = useEdgesState(joined);
  return h(ReactFlow, { nodes, edges, onNodesChange, onEdgesChange, nodeTypes, autoPanOnNodeDrag: false });
};
const root = document.createElement('div');
Object.assign(root.style, { width: `${WIDTH}px`, height: `${HEIGHT}px` });
createRoot(document.body.appendChild(root)).render(h(App));

globalThis.middle = () => {
  const node = document.querySelector(`.react-flow__node[data-id="${held(drawn.length)}"]`)?.getBoundingClientRect();
  return node?.width ? [node.x + node.width / 2, node.y + node.height / 2] : null;
};
