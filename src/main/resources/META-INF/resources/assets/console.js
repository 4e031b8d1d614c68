// The console works without this file: it adds keys, copying, and saying when the server is away.
(() => {
  'use strict';
  const $ = (selector) => document.querySelector(selector);
  const typing = (target) => target.closest('input, textarea, select, [contenteditable]');

  const offline = $('#offline');
  document.addEventListener('htmx:sendError', () => { offline.hidden = false; });
  document.addEventListener('htmx:afterRequest', (event) => {
    if (event.detail.successful) { offline.hidden = true; }
  });
  // Signed out meanwhile: the poll was led to the sign-in page, which does not belong into a notice.
  let heard = '';
  document.addEventListener('htmx:beforeSwap', (event) => {
    const said = event.detail.xhr.responseText.trim();
    if (said === heard) { event.detail.shouldSwap = false; }
    heard = said;
    if (event.detail.xhr.responseURL.includes('/login')) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });

  document.addEventListener('click', (event) => {
    const copy = event.target.closest('[data-copy]');
    if (copy) {
      navigator.clipboard?.writeText($('#' + copy.dataset.copy).textContent).then(() => {
        copy.textContent = 'Copied';
      });
    }
    if (event.target.closest('[data-keys]')) { $('#keys').showModal(); }
  });

  // Enter in a choice sends nothing: a command takes its button.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches('form[method=post] input:not([type=password])')) {
      event.preventDefault();
    }
  });

  // One decision, one request.
  document.addEventListener('submit', (event) => {
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    if (event.target.method === 'post') { event.target.dataset.sent = 'yes'; }
  });
  addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent);
  });

  const rows = () => [...document.querySelectorAll('[data-row], .run-link')];
  const step = (by) => {
    const all = rows();
    if (all.length === 0) { return; }
    const next = all.indexOf(document.activeElement) + by;
    all[Math.max(0, Math.min(all.length - 1, next))].focus();
  };
  const places = { i: '/', r: '/console/runs', a: '/console/approvals', j: '/console/jobs' };
  let going = false;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $('dialog[open]')) { return; }
    if (going) {
      going = false;
      if (places[event.key]) { location.assign(places[event.key]); }
      return;
    }
    switch (event.key) {
      case 'g': going = true; setTimeout(() => { going = false; }, 1200); break;
      case 'j': step(1); break;
      case 'k': step(-1); break;
      case '.': $('[data-fresh]')?.click(); break;
      case '?': $('#keys').showModal(); break;
      case '/':
        event.preventDefault();
        if ($('[data-search]')) { $('[data-search]').focus(); } else { location.assign('/console/runs'); }
        break;
    }
  });

  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const relative = (then) => {
    const gone = (Date.now() - then) / 1000;
    const size = Math.abs(gone);
    if (size < 2) { return 'just now'; }
    const [length, name] = units.find(([least]) => size >= least);
    const words = Math.floor(size / length) + ' ' + name;
    return gone < 0 ? 'in ' + words : words + ' ago';
  };
  setInterval(() => {
    document.querySelectorAll('time[data-live]').forEach((time) => {
      time.textContent = relative(Date.parse(time.dateTime));
    });
  }, 15000);
})();
