/** What completing a word takes, in one module: it is loaded once the first screen stands, or a word asks for it. */
export { SuggestionList } from './SuggestionList';
export { Suggester } from './suggester';
