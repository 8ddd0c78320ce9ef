/** The texts of the pages of integrations, in a build (`vite/texts.ts`). */
const texts: Record<string, string> = {};

export default texts;
