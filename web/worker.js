// The planner's helper: runs the module that the page hands over, which then listens for what is asked of it.
import init from './app.js';

onmessage = async ({ data: module }) => {
  onmessage = null;
  await init({ module_or_path: module });
};
