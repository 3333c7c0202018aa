// Starts the console's connection and never gives up on it: alerts come over it.
(() => {
  const bar = document.getElementById('components-reconnect-modal');
  new MutationObserver(() => {
    // The hub was restarted and no longer knows this page: a fresh one takes its place.
    if (bar.classList.contains('components-reconnect-rejected') || bar.classList.contains('components-reconnect-failed')) location.reload();
  }).observe(bar, { attributes: true, attributeFilter: ['class'] });
  // Every page is interactive; merging documents on the way would take the theme off the root element.
  Blazor.start({ ssr: { disableDomPreservation: true }, circuit: { reconnectionOptions: { maxRetries: 1000000, retryIntervalMilliseconds: () => 1500 } } });
})();
