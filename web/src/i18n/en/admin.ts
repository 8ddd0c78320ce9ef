/** The texts of the System Console, in a build (`vite/texts.ts`). */
const texts: Record<string, string> = {};

export default texts;
