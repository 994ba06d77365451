// The least that a browser can do: plain SVG, and a drag that writes the place of one box and the way of its arrow, once a frame.
import { BOX_HEIGHT, BOX_WIDTH, HEIGHT, LINES, WIDTH, asked, boxes, held } from './boxes.js';

const make = (tag, attributes, parent) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return parent.appendChild(made);
};
const svg = make('svg', { width: WIDTH, height: HEIGHT, style: 'display: block; user-select: none' }, document.body);
const drawn = boxes(asked());
const way = (box) => `M${drawn[0].x + BOX_WIDTH / 2} ${drawn[0].y + BOX_HEIGHT / 2}L${box.x + BOX_WIDTH / 2} ${box.y + BOX_HEIGHT / 2}`;
for (const box of drawn.slice(1)) box.path = make('path', { d: way(box), stroke: '#888', fill: 'none' }, svg);
for (const box of drawn) {
  box.g = make('g', { transform: `translate(${box.x} ${box.y})` }, svg);
  make('rect', { width: BOX_WIDTH, height: BOX_HEIGHT, rx: 4, fill: '#fff', stroke: '#333' }, box.g);
  LINES.forEach((line, i) => { make('text', { x: 4, y: 12 + 10 * i, 'font-size': 8 }, box.g).textContent = line; });
}

let box = null;
let start = null;
let due = false;
svg.onpointerdown = (event) => {
  box = drawn.find(({ x, y }) => event.clientX >= x && event.clientX <= x + BOX_WIDTH && event.clientY >= y && event.clientY <= y + BOX_HEIGHT) ?? null;
  if (box) start = [event.clientX - box.x, event.clientY - box.y];
  svg.setPointerCapture(event.pointerId);
};
svg.onpointerup = () => { box = null; };
svg.onpointermove = (event) => {
  if (!box) return;
  [box.x, box.y] = [event.clientX - start[0], event.clientY - start[1]];
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    if (!box) return;
    box.g.setAttribute('transform', `translate(${box.x} ${box.y})`);
    box.path.setAttribute('d', way(box));
  });
};

globalThis.middle = () => {
  const { x, y } = drawn[held(drawn.length)];
  return [x + BOX_WIDTH / 2, y + BOX_HEIGHT / 2];
};
