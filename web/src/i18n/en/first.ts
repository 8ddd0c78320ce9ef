/** The texts of the first screen. A build puts those alone here (`vite/texts.ts`); elsewhere they are all together. */
export { default } from '.';
