/**
 * The sounds of notifications, made of a few tones: nothing to fetch, and quiet enough for an office. A browser lets a
 * page sound only after somebody has touched it; until then nothing is heard.
 */
import type { SoundName } from './decide';

/** Tone is one note: its pitch in hertz, when it begins and how long it rings, in seconds. */
type Tone = { pitch: number; at: number; rings: number; wave?: OscillatorType; slideTo?: number; loud?: number };

const tones: Record<SoundName, readonly Tone[]> = {
  Bing: [
    { pitch: 1318.5, at: 0, rings: 0.5 },
    { pitch: 2637, at: 0, rings: 0.22, loud: 0.25 },
  ],
  Crackle: [0, 0.055, 0.12, 0.165, 0.24].map((at, i) => ({
    pitch: [1760, 1174.7, 1975.5, 1318.5, 2093][i] ?? 1760,
    at,
    rings: 0.06,
    wave: 'triangle' as const,
    loud: 0.7,
  })),
  Down: [
    { pitch: 987.8, at: 0, rings: 0.22 },
    { pitch: 659.3, at: 0.14, rings: 0.42 },
  ],
  Hello: [
    { pitch: 659.3, at: 0, rings: 0.2, wave: 'triangle' },
    { pitch: 880, at: 0.13, rings: 0.2, wave: 'triangle' },
    { pitch: 1108.7, at: 0.26, rings: 0.45, wave: 'triangle' },
  ],
  Ripple: [0, 0.09, 0.18, 0.27].map((at, i) => ({
    pitch: 880 * 1.12 ** i,
    slideTo: 1046 * 1.12 ** i,
    at,
    rings: 0.16,
    loud: 0.8 - i * 0.15,
  })),
  Upstairs: [523.3, 659.3, 784, 1046.5].map((pitch, i) => ({ pitch, at: i * 0.1, rings: i === 3 ? 0.45 : 0.14 })),
};

const isSound = (name: string): name is SoundName => Object.hasOwn(tones, name);

let context: AudioContext | undefined;

function audio(): AudioContext | undefined {
  if (typeof AudioContext === 'undefined') return undefined;
  context ??= new AudioContext();
  return context;
}

/** unlockSound lets the page sound from its first touch on. It returns how to stop waiting for it. */
export function unlockSound(): () => void {
  const signs = ['pointerdown', 'keydown'] as const;
  const stop = () => {
    for (const name of signs) window.removeEventListener(name, unlock, true);
  };
  const unlock = () => {
    stop();
    audio()
      ?.resume()
      .catch(() => undefined);
  };
  for (const name of signs) window.addEventListener(name, unlock, true);
  return stop;
}

/** canSound tells whether the browser would let the page be heard now. */
export const canSound = (): boolean => context?.state === 'running';

function ring(on: AudioContext, { pitch, at, rings, wave = 'sine', slideTo, loud = 1 }: Tone): void {
  const start = on.currentTime + 0.02 + at;
  const voice = on.createOscillator();
  const level = on.createGain();
  voice.type = wave;
  voice.frequency.setValueAtTime(pitch, start);
  if (slideTo) voice.frequency.exponentialRampToValueAtTime(slideTo, start + rings);
  level.gain.setValueAtTime(0.0001, start);
  level.gain.exponentialRampToValueAtTime(0.16 * loud, start + 0.012);
  level.gain.exponentialRampToValueAtTime(0.0001, start + rings);
  voice.connect(level).connect(on.destination);
  voice.start(start);
  voice.stop(start + rings + 0.02);
}

/** playSound plays a sound by its name; an unknown one is the first. */
export async function playSound(name: string): Promise<void> {
  const on = audio();
  if (!on) return;
  if (on.state === 'suspended') await on.resume().catch(() => undefined);
  if (on.state !== 'running') return;
  for (const tone of tones[isSound(name) ? name : 'Bing']) ring(on, tone);
}
