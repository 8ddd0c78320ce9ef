/** What picking an emoji takes, in one module: it is loaded when somebody is about to. */
export { loadEmojiData } from './data';
export { EmojiPicker } from './EmojiPicker';
