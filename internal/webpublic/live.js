// Shows times in the reader's zone, and asks for the page again when its channel
// changed. Without it the page says the same.
(() => {
  const main = document.getElementById('main');
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
  const times = () => {
    for (const time of document.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime));
  };
  times();
  const atBottom = () => innerHeight + scrollY > document.documentElement.scrollHeight - 400;
  const toBottom = () => document.getElementById('messages')?.lastElementChild?.scrollIntoView({ block: 'end', behavior: 'instant' });
  if ('bottom' in main.dataset && !location.hash) toBottom();
  if (!main.dataset.live || !window.EventSource) return;

  let waiting = false;
  const again = async () => {
    waiting = false;
    const answer = await fetch(location.pathname + location.search, { cache: 'no-cache' }).catch(() => null);
    if (answer?.status === 404) return location.reload();
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('messages');
    const old = document.getElementById('messages');
    if (!fresh || !old) return;
    const follow = atBottom();
    old.replaceChildren(...fresh.childNodes);
    times();
    if (follow && 'bottom' in main.dataset) toBottom();
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(again, 200 + Math.random() * 800); // all readers hear at once; they needn't all ask at once
  };
  const stream = new EventSource(main.dataset.live);
  let opened = false;
  stream.addEventListener('open', () => {
    for (const words of document.querySelectorAll('.live')) words.hidden = false;
    if (opened) soon(); // something may have been missed
    opened = true;
  });
  stream.addEventListener('changed', soon);
  stream.addEventListener('gone', () => {
    stream.close();
    location.reload();
  });
})();
