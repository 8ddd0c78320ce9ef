/** The texts of everything but the first screen, in a build (`vite/texts.ts`). */
const texts: Record<string, string> = {};

export default texts;
