/**
 * Names of characters, such as `&amp;`: the browser knows all of them, so no table travels with the client. Stands in for
 * the package `entities` in builds (vite.config.ts).
 */

let parser: DOMParser | undefined;

/** decodeHTMLStrict replaces names and numbers of characters; what is none stays as written. */
export function decodeHTMLStrict(text: string): string {
  return text.replace(/&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});/gi, (name) => {
    parser ??= new DOMParser();
    return parser.parseFromString(name, 'text/html').documentElement.textContent ?? name;
  });
}
