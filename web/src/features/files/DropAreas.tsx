import { Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import styles from './DropAreas.module.css';
import { carriesFiles, chosenOf, type DropPlace, dropPlaces } from './dropping';

type Area = { place: DropPlace; top: number; left: number; width: number; height: number };

function areas(): Area[] {
  // What lies below a dialog is out of reach.
  if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return [];
  return dropPlaces().map((place) => {
    const { top, left, width, height } = place.element.getBoundingClientRect();
    return { place, top, left, width, height };
  });
}

/** DropAreas draws where files can be dropped while some are dragged over the page. */
export function DropAreas() {
  const [shown, setShown] = useState<readonly Area[]>([]);
  useEffect(() => watchDrags((dragged) => setShown(dragged ? areas() : [])), []);
  return shown.map((area, at) => <DropArea key={at} area={area} />);
}

function DropArea({ area }: { area: Area }) {
  const [over, setOver] = useState(false);
  const { place, ...box } = area;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging is for pointers; the button and pasting are for keys
    <div
      className={styles.area}
      style={box}
      data-over={over || undefined}
      data-drop-area=""
      onDragEnter={() => setOver(true)}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => place.onDrop(chosenOf(event.dataTransfer))}
    >
      <p className={styles.words}>
        <Upload size={22} aria-hidden="true" />
        <span>{place.label}</span>
      </p>
    </div>
  );
}

/**
 * watchDrags tells when files from outside are dragged over the page and when no longer. Dropped beside the areas they
 * are left alone: a browser would go away from the page to show them. It returns how to stop.
 */
function watchDrags(tell: (dragged: boolean) => void): () => void {
  // Images of the page itself are dragged as files, too.
  let own = false;
  let within = false;
  const set = (next: boolean) => {
    if (next !== within) tell(next);
    within = next;
  };
  const start = () => {
    own = true;
  };
  const end = () => {
    own = false;
    set(false);
  };
  const over = (event: DragEvent) => {
    if (own || !carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    set(true);
    const onArea = event.target instanceof Element && event.target.closest('[data-drop-area]');
    if (event.dataTransfer) event.dataTransfer.dropEffect = onArea ? 'copy' : 'none';
  };
  // Only leaving the window has nothing that it leads to.
  const leave = (event: DragEvent) => event.relatedTarget === null && set(false);
  const drop = (event: DragEvent) => {
    if (!own && carriesFiles(event.dataTransfer)) event.preventDefault();
    end();
  };
  const listeners: [string, (event: DragEvent) => void][] = [
    ['dragstart', start],
    ['dragend', end],
    ['dragenter', over],
    ['dragover', over],
    ['dragleave', leave],
    ['drop', drop],
  ];
  for (const [name, listener] of listeners) window.addEventListener(name, listener as EventListener);
  return () => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener as EventListener);
  };
}
