// Brings the page up to date every two seconds, in place: what has not changed is not touched, so
// the reader keeps their place and what they have selected.
(() => {
  'use strict';
  const wait = 2000;
  const live = document.getElementById('live');

  function update(old, fresh) {
    if (old.nodeName !== fresh.nodeName) {
      old.replaceWith(document.importNode(fresh, true));
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    }
    while (old.childNodes.length > fresh.childNodes.length) old.lastChild.remove();
    const known = old.childNodes.length;
    fresh.childNodes.forEach((child, i) => {
      if (i < known) update(old.childNodes[i], child);
      else old.append(document.importNode(child, true));
    });
  }

  function say(text, kind) {
    live.textContent = text;
    live.className = kind;
  }

  async function refresh() {
    try {
      const answer = await fetch(location.pathname, { signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      update(document.querySelector('main'), page.querySelector('main'));
      say('live', 'good');
    } catch {
      say('no answer since ' + since.toLocaleTimeString(), 'bad');
      return;
    } finally {
      setTimeout(next, wait);
    }
    since = new Date();
  }

  function next() {
    if (document.hidden) document.addEventListener('visibilitychange', refresh, { once: true });
    else refresh();
  }

  let since = new Date();
  say('live', 'good');
  setTimeout(next, wait);
})();
