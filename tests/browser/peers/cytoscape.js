// The drawing in cytoscape, with its own renderer.
import cytoscape from 'cytoscape';
import { BOX_HEIGHT, BOX_WIDTH, HEIGHT, LINES, WIDTH, asked, boxes, held } from './boxes.js';

const drawn = boxes(asked());
const root = document.createElement('div');
Object.assign(root.style, { width: `${WIDTH}px`, height: `${HEIGHT}px` });
document.body.append(root);
const cy = cytoscape({
  container: root,
  layout: { name: 'preset', fit: false },
  elements: [
    ...drawn.map(({ id, x, y }) => ({ data: { id, label: LINES.join('\n') }, position: { x: x + BOX_WIDTH / 2, y: y + BOX_HEIGHT / 2 } })),
    ...drawn.slice(1).map(({ id }) => ({ data: { id: `0-${id}`, source: '0', target: id } })),
  ],
  style: [
    { selector: 'node', style: { shape: 'round-rectangle', width: BOX_WIDTH, height: BOX_HEIGHT, label: 'data(label)', 'text-wrap': 'wrap', 'text-valign': 'center', 'font-size': 8, 'background-color': '#fff', 'border-width': 1, 'border-color': '#333' } },
    { selector: 'edge', style: { width: 1, 'line-color': '#888', 'curve-style': 'straight' } },
  ],
});

globalThis.middle = () => {
  const { x, y } = cy.getElementById(String(held(drawn.length))).renderedPosition();
  return [x, y];
};
