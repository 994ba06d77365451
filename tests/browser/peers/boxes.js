// The drawing that all pages show: so many boxes in rows, each with three lines of words, and an arrow from the first to every other.

/** The room that the planner's canvas has in a window of 1440 by 900. */
export const [WIDTH, HEIGHT] = [776, 816];
const COLUMNS = 16;
const [ACROSS, DOWN] = [48, 54];
/** How large a box is, when all of them are in view. */
export const [BOX_WIDTH, BOX_HEIGHT] = [40, 40];
export const LINES = ['cluster', 'remote', 'network'];

export const boxes = (count) => Array.from({ length: count }, (_, i) => (
  { id: String(i), x: (i % COLUMNS) * ACROSS + 4, y: Math.floor(i / COLUMNS) * DOWN + 4 }));

/** How many boxes the page was asked for. */
export const asked = () => Number(new URLSearchParams(location.search).get('boxes'));
/** The box that is dragged. */
export const held = (count) => Math.floor(count / 2) + 5;
