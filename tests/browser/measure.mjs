// What the measures share.

/** The number in the middle. */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** A value beside its goal. */
export const beside = (value, goal, unit) => `${value.toFixed(value < 10 ? 2 : 0)}${unit}, goal ${goal}${unit}`;

/** Returns what the page's own thread did since the last call, and how much of it was script, in milliseconds. */
export const clock = async (page, context) => {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  let before = [0, 0];
  return async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    const after = ['TaskDuration', 'ScriptDuration'].map((wanted) => metrics.find(({ name }) => name === wanted).value * 1000);
    const since = after.map((value, i) => value - before[i]);
    before = after;
    return since;
  };
};
