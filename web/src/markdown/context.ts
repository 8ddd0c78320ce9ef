/** What the place that shows a message knows: people, channels, settings. Markdown itself knows no store. */
import { createContext, useContext } from 'react';
import type { MentionKey } from './marks';

/** MentionTarget is the person, or the group of people, whom `@name` means. */
export interface MentionTarget {
  id: string;
  /** What stands after the @: the name that people are shown by. */
  label: string;
  /** It is oneself, or a group that one is in. */
  me: boolean;
  group?: boolean;
}

/**
 * MarkdownContext gives a message its surroundings. Keep its identity while nothing in it changed: messages are drawn
 * again when it is another one.
 */
export interface MarkdownContext {
  /** mention finds a person by username, or a group by its name, in lower case. Unknown names stay text. */
  mention?(name: string): MentionTarget | undefined;
  /** channel finds a channel by its name in addresses, in lower case. */
  channel?(name: string): { label: string; href: string } | undefined;
  /** emoji returns the address of a custom emoji's picture. Names of the system need no lookup. */
  emoji?(name: string): string | undefined;
  /** imageSize returns the true size of an image, from the metadata of the post. */
  imageSize?(src: string): { width: number; height: number } | undefined;
  /** imageUrl returns where an image is loaded from: through the server's proxy when it has one. */
  imageUrl?(src: string): string;
  onMention?(userId: string, anchor: HTMLElement): void;
  onGroup?(groupId: string, anchor: HTMLElement): void;
  onHashtag?(tag: string): void;
  /** onNavigate opens a path of this site without leaving the page. */
  onNavigate?(path: string): void;
  /** onImage shows an image large. Without it the image is a link. */
  onImage?(src: string, alt: string): void;
  siteUrl?: string;
  /** Schemes of links that the server allows beside the usual ones (CustomUrlSchemes). */
  schemes?: readonly string[];
  /** Fences named latex or tex are formulas (EnableLatex); `$…$` too (EnableInlineLatex). */
  latex?: boolean;
  inlineLatex?: boolean;
  /** The shortest hashtag that counts, its # included (MinimumHashtagLength). */
  hashtagMinLength?: number;
  /** Words that one is called by; they stand out. */
  mentionKeys?: readonly MentionKey[];
  /** What was searched for; it stands out. */
  searchTerms?: readonly string[];
  /** @all, @channel and @here had no effect here and don't stand out. */
  disableGroupHighlight?: boolean;
  /** `:)` is drawn as an emoji (render_emoticons_as_emoji); on unless false. */
  emoticons?: boolean;
  /** The colours of code: `github`, `monokai`, `solarized-dark`, `solarized-light`; those of the theme otherwise. */
  codeTheme?: string;
}

/** Surroundings are a MarkdownContext and how much room there is. */
export interface Surroundings extends MarkdownContext {
  /** Previews: everything in the size of the text, images as links. */
  compact?: boolean;
}

const Place = createContext<Surroundings>({});

/** SurroundingsProvider hands the surroundings to the parts of one message. */
export const SurroundingsProvider = Place.Provider;

/** useSurroundings returns them. */
export const useSurroundings = (): Surroundings => useContext(Place);
