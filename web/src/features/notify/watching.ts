/** What notifying takes, in one module: it is loaded once the first screen stands. */
export { watchTitle } from './title';
export { watchMessages } from './watch';
