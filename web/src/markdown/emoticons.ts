/** Emoticons: faces typed with punctuation, and the emoji each stands for. */

const faces: Record<string, string> = {
  slightly_smiling_face: ':) :-)',
  wink: ';) ;-)',
  open_mouth: ':o :O',
  scream: ':-o :-O',
  smirk: ':] :-]',
  smile: ':D :-D',
  stuck_out_tongue_closed_eyes: 'x-D xD XD x-d X-D',
  stuck_out_tongue: ':p :P :-p :-P',
  rage: ':@ :-@',
  slightly_frowning_face: ':( :-(',
  cry: ":'( :'-( :’(",
  confused: ':/ :-/ :\\ :-\\',
  confounded: ':s :S :-s :-S',
  neutral_face: ':| :-|',
  flushed: ':$ :-$',
  mask: ':-x :-X',
  heart: '<3',
  broken_heart: '</3',
};

const byFace = new Map<string, string>();
for (const [name, list] of Object.entries(faces)) for (const face of list.split(' ')) byFace.set(face, name);

const asPattern = (face: string) => face.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&');

/** The source of a regular expression for any emoticon, the longest first. */
export const emoticonSource = [...byFace.keys()]
  .sort((a, b) => b.length - a.length)
  .map(asPattern)
  .join('|');

/** emoticonName returns the emoji that an emoticon stands for. */
export function emoticonName(face: string): string | undefined {
  return byFace.get(face);
}
